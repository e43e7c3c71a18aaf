"""The offline director: a chat model of rules that needs no key and no network."""
