"""The desk: pages for the staff of the hotline and the counters. Server-rendered, live by Server-Sent Events."""
