// The words for market data are known, so that the compiler can say what is the matter with them.

/// Not part of this version.
@available(*, unavailable, message: "market data is not part of this version of jqtrade")
public func subscribe(_ code: String, _ unit: String, partial: Bool = false, _ handler: (Any) -> Void) {}

/// Not part of this version.
@available(*, unavailable, message: "market data is not part of this version of jqtrade")
@discardableResult
public func get_bars(_ code: String, _ count: Int, _ unit: String, include_now: Bool = false) -> [Any] { [] }

/// Not part of this version.
@available(*, unavailable, message: "market data is not part of this version of jqtrade")
@discardableResult
public func get_current_price(_ code: String) -> Double? { nil }

/// Not part of this version.
@available(*, unavailable, message: "market data is not part of this version of jqtrade")
@discardableResult
public func get_current_data(_ code: String) -> Any { () }

/// Not part of this version.
@available(*, unavailable, message: "indicators are not part of this version of jqtrade")
public func MA(_ values: [Double], _ count: Int) -> Double? { nil }

/// Not part of this version.
@available(*, unavailable, message: "indicators are not part of this version of jqtrade")
public func EMA(_ values: [Double], _ count: Int) -> Double? { nil }

/// Not part of this version.
@available(*, unavailable, message: "indicators are not part of this version of jqtrade")
public func CROSS(_ a: [Double], _ b: [Double]) -> Bool { false }
