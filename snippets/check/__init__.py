"""What pages give, held against the record. Imports nothing: pytest loads the plugin in here whatever it tests."""
