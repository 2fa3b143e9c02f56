"""Figures for those who answer for the service: the dashboard, the monthly report, the settlement sheet."""
