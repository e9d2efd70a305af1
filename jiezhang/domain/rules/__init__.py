"""The rules of the books. One module each: a pure function from entries to findings.

The Beancount plugins, the commands, the web pages and the reports all call these; there is no second implementation.
"""
