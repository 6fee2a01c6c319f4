"""The mirror: would the gate notice? A red here means that our instruments are broken, not a migration."""
