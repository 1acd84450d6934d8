"""Release stations: a terminal beside a printer, where people print or delete their waiting jobs.

A station calls with its token. A *visit* is one person at a station: it begins with a card, or a userName
and a PIN, and ends by itself. It ends at once, too, when the person leaves or the station is removed.
"""
