"""Template filters of a leaving's pages."""

from django import template

from printmgmt.console.leavers.evidence import evidence_words

register = template.Library()
register.filter(evidence_words)
