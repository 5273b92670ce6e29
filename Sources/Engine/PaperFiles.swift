import PaperTrading
import Storage

/// What the user's home says of the market on paper: `rules.json` and `actions.csv`. Neither need be there.
public struct PaperFiles: Sendable {
    /// The file of changed rules.
    public let rules: String
    /// The file of dividends and splits.
    public let actions: String

    /// The two files of a home.
    public init(rules: String, actions: String) {
        self.rules = rules
        self.actions = actions
    }

    /// The rules of the exchanges with the user's changes; throws the sentence to be shown.
    public func ruleBook(in disk: any FileStore) throws -> RuleBook {
        guard let bytes = try disk.readFile(rules) else { return RuleBook() }
        return try RuleBook(json: bytes, name: rules)
    }

    /// The dividends and splits; throws the sentence to be shown.
    public func corporateActions(in disk: any FileStore) throws -> [CorporateAction] {
        guard let bytes = try disk.readFile(actions) else { return [] }
        return try CorporateAction.read(csv: bytes, name: actions)
    }
}
