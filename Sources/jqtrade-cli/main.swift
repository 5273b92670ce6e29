print("jqtrade")
