"""Reads one web page in a process of its own: is it there, may everybody read it, what does it call itself?

Addresses come from people, and what they lead to from anybody: nothing here knows the house, its keys or its database.
"""
