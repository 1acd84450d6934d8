"""Template filters of administrators."""

from django import template

from printmgmt.console.administrators.words import ended_words

register = template.Library()
register.filter(ended_words)
