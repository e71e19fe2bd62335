//! AIS: NMEA 0183 sentences to messages and back (ITU-R M.1371-5).
