"""Template filters of lists of sessions."""

from django import template

from printmgmt.console.account.browsers import browser_words

register = template.Library()
register.filter(browser_words)
