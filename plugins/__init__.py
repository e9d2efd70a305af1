"""Beancount plugins, one thin module for each rule; `plugins.strict` is all of them."""
