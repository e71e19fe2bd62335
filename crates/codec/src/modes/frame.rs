//! One Mode S frame, checked and read (ICAO Annex 10 vol. IV; RTCA DO-260B for the extended
//! squitter).
//!
//! Refuses: frames whose parity disagrees, formats that carry no field of use here (DF 19, 24 and
//! the reserved ones), and Comm-B inference: a register's number is not in the reply, so its content
//! would be a guess.

use super::cpr::Cpr;
use super::crc::remainder;
use super::field::{Altitude, Callsign, Squawk, bits, movement_kn};
use super::velocity::Velocity;

/// Bytes of a short frame (56 bits).
pub const SHORT_LEN: usize = 7;
/// Bytes of a long frame (112 bits).
pub const LONG_LEN: usize = 14;

/// Why a frame was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Neither a short nor a long frame, or not as long as its format says.
    #[error("read Mode S frame of {len} bytes: DF {df} has {expected}")]
    Length {
        /// What came.
        len: usize,
        /// Its downlink format.
        df: u8,
        /// What that format needs.
        expected: usize,
    },
    /// A downlink format that is not read.
    #[error("read Mode S frame: DF {df} is not one of 0, 4, 5, 11, 16, 17, 18, 20, 21")]
    Format {
        /// The downlink format.
        df: u8,
    },
    /// The parity disagrees.
    #[error("read Mode S frame: DF {df} parity is off by {off:06x}; the bits were damaged")]
    Parity {
        /// The downlink format.
        df: u8,
        /// Carried XOR computed parity.
        off: u32,
    },
}

impl FrameError {
    /// A stable code to count by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "length",
            Self::Format { .. } => "format",
            Self::Parity { .. } => "parity",
        }
    }
}

/// How a frame's 24-bit address is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressKind {
    /// Sent in clear under a parity of its own (DF 11, 17, 18): an ICAO address.
    Icao,
    /// In clear, but not ICAO's: anonymous, a ground vehicle's, or a TIS-B track file number.
    NonIcao,
    /// Recovered from the parity overlay of a reply (DF 0, 4, 5, 16, 20, 21). Every 24 bits come out
    /// of it, damaged ones too: trust it only when the address was announced before.
    Overlaid,
}

/// Who put an extended squitter on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emitter {
    /// The aircraft's transponder (DF 17).
    Transponder,
    /// A device that is no transponder (DF 18, control field 0 and 1).
    Device,
    /// A ground station that tells of aircraft it sees by radar (TIS-B; control field 2, 3, 5).
    TisB,
    /// A ground station that repeats what it heard on another link (ADS-R; control field 6).
    Rebroadcast,
}

/// What an extended squitter says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// Type codes 1–4.
    Identification {
        /// Emitter category within the type code's set, 0–7.
        category: u8,
        /// Flight identification.
        callsign: Callsign,
    },
    /// Type codes 5–8: on the ground.
    Surface {
        /// Knots.
        ground_speed_kn: Option<f64>,
        /// Degrees true.
        track_deg: Option<f64>,
        /// Coded position.
        cpr: Cpr,
    },
    /// Type codes 0 (no position), 9–18 and 20–22: in the air.
    Airborne {
        /// Pressure altitude, or height above the ellipsoid.
        altitude: Option<Altitude>,
        /// True for type codes 20–22: the altitude is a height above the ellipsoid.
        is_gnss_height: bool,
        /// Coded position; `None` for type code 0.
        cpr: Option<Cpr>,
    },
    /// Type code 19.
    Velocity(Velocity),
    /// Type code 28 subtype 1.
    Status {
        /// Emergency state, 0–7 (DO-260B 2.2.3.2.7.8.1.1).
        emergency: u8,
        /// Mode A code.
        squawk: Squawk,
    },
    /// Type codes 29 (target state and status) and 31 (operational status), of which only this is
    /// read.
    Quality {
        /// Navigation accuracy category for position, 0–11.
        nac_p: u8,
        /// Source integrity level, 0–3: how often the containment radius is exceeded. 0 = unknown.
        sil: u8,
    },
    /// Anything else.
    Other,
}

/// What a frame says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Message {
    /// DF 0, 4, 16, 20.
    Altitude(Option<Altitude>),
    /// DF 5, 21.
    Identity(Squawk),
    /// DF 11.
    AllCall {
        /// Interrogator's code: 0 for an unasked ("squitter") reply.
        interrogator: u8,
    },
    /// DF 17 and 18.
    Extended {
        /// Who sent it.
        emitter: Emitter,
        /// Type code, 0–31; `None` where a DF 18 frame has another layout.
        type_code: Option<u8>,
        /// What it says.
        content: Content,
    },
}

/// One Mode S frame whose parity was checked as far as its format allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Downlink format.
    pub df: u8,
    /// 24-bit address.
    pub address: u32,
    /// How the address is known.
    pub address_kind: AddressKind,
    /// What it says.
    pub message: Message,
}

/// Length that downlink format `df` must have, or `None` when it is not read.
fn expected_len(df: u8) -> Option<usize> {
    match df {
        0 | 4 | 5 | 11 => Some(SHORT_LEN),
        16 | 17 | 18 | 20 | 21 => Some(LONG_LEN),
        _ => None,
    }
}

impl Frame {
    /// Reads one frame of 7 or 14 bytes.
    ///
    /// # Errors
    /// [`FrameError`] for another length, a format that is not read, or damaged bits in DF 11, 17
    /// and 18. The other formats overlay the address on the parity and cannot be checked alone.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let df = bytes.first().map_or(0, |first| first >> 3);
        let expected = expected_len(df).ok_or(FrameError::Format { df })?;
        if bytes.len() != expected {
            return Err(FrameError::Length { len: bytes.len(), df, expected });
        }
        let off = remainder(bytes);
        let announced = bits(bytes, 9, 32);
        let frame = |address, address_kind, message| Self { df, address, address_kind, message };
        Ok(match df {
            11 if off & 0x00FF_FF80 == 0 => {
                let message = Message::AllCall { interrogator: off as u8 };
                frame(announced, AddressKind::Icao, message)
            }
            17 | 18 if off == 0 => {
                let (kind, message) = extended(bytes, df);
                frame(announced, kind, message)
            }
            11 | 17 | 18 => return Err(FrameError::Parity { df, off }),
            5 | 21 => {
                let squawk = Squawk::from_id13(bits(bytes, 20, 32));
                frame(off, AddressKind::Overlaid, Message::Identity(squawk))
            }
            _ => {
                let altitude = Altitude::from_ac13(bits(bytes, 20, 32));
                frame(off, AddressKind::Overlaid, Message::Altitude(altitude))
            }
        })
    }

    /// Type code of an extended squitter.
    #[must_use]
    pub fn type_code(&self) -> Option<u8> {
        match self.message {
            Message::Extended { type_code, .. } => type_code,
            _ => None,
        }
    }

    /// The coded position and whether it is one on the ground, if this frame carries one.
    #[must_use]
    pub fn cpr(&self) -> Option<(Cpr, bool)> {
        match self.message {
            Message::Extended { content: Content::Airborne { cpr, .. }, .. } => {
                cpr.map(|cpr| (cpr, false))
            }
            Message::Extended { content: Content::Surface { cpr, .. }, .. } => Some((cpr, true)),
            _ => None,
        }
    }
}

/// Reads DF 17 and 18. The control field of DF 18 (bits 6–8):
///
/// ```text
/// 0 device, ICAO address     1 device, other address    2 TIS-B, IMF    3 coarse TIS-B
/// 4 TIS-B management         5 TIS-B, other address     6 ADS-R, IMF    7 reserved
/// ```
fn extended(bytes: &[u8], df: u8) -> (AddressKind, Message) {
    let control = bits(bytes, 6, 8);
    let me = bytes.get(4..11).unwrap_or_default();
    let type_code = bits(me, 1, 5) as u8;
    let (emitter, is_icao) = match (df, control) {
        (17, _) => (Emitter::Transponder, true),
        (_, 0) => (Emitter::Device, true),
        (_, 1) => (Emitter::Device, false),
        (_, 2) => (Emitter::TisB, !is_foreign(me, type_code)),
        (_, 6) => (Emitter::Rebroadcast, !is_foreign(me, type_code)),
        (_, 5) => (Emitter::TisB, false),
        _ => {
            // Coarse TIS-B, management and reserved frames have no type code.
            let message = Message::Extended {
                emitter: Emitter::TisB,
                type_code: None,
                content: Content::Other,
            };
            return (AddressKind::NonIcao, message);
        }
    };
    let kind = if is_icao { AddressKind::Icao } else { AddressKind::NonIcao };
    let content = content(me, type_code);
    (kind, Message::Extended { emitter, type_code: Some(type_code), content })
}

/// The "ICAO/Mode A flag" (IMF) of TIS-B and ADS-R: set where the address is not ICAO's. It takes the
/// place of a bit that ADS-B uses otherwise.
fn is_foreign(me: &[u8], type_code: u8) -> bool {
    match type_code {
        5..=8 => bits(me, 21, 21) == 1,
        9..=18 | 20..=22 => bits(me, 8, 8) == 1,
        19 => bits(me, 9, 9) == 1,
        31 => bits(me, 56, 56) == 1,
        _ => false,
    }
}

/// Reads the 56 bits of an extended squitter's message.
fn content(me: &[u8], type_code: u8) -> Content {
    let cpr = || Cpr {
        is_odd: bits(me, 22, 22) == 1,
        latitude: bits(me, 23, 39),
        longitude: bits(me, 40, 56),
    };
    match type_code {
        1..=4 => Content::Identification {
            category: bits(me, 6, 8) as u8,
            callsign: Callsign::from_bits(bits(me, 9, 32), bits(me, 33, 56)),
        },
        5..=8 => Content::Surface {
            ground_speed_kn: movement_kn(bits(me, 6, 12)),
            track_deg: (bits(me, 13, 13) == 1)
                .then(|| f64::from(bits(me, 14, 20)) * (360.0 / 128.0)),
            cpr: cpr(),
        },
        0 | 9..=18 | 20..=22 => Content::Airborne {
            altitude: Altitude::from_ac12(bits(me, 9, 20)),
            is_gnss_height: type_code >= 20,
            cpr: (type_code != 0).then(cpr),
        },
        19 => Velocity::decode(me).map_or(Content::Other, Content::Velocity),
        28 if bits(me, 6, 8) == 1 => Content::Status {
            emergency: bits(me, 9, 11) as u8,
            squawk: Squawk::from_id13(bits(me, 12, 24)),
        },
        29 if bits(me, 6, 7) == 1 => {
            Content::Quality { nac_p: bits(me, 40, 43) as u8, sil: bits(me, 45, 46) as u8 }
        }
        // Version 0 has no NACp in its operational status.
        31 if bits(me, 6, 8) <= 1 && bits(me, 41, 43) >= 1 => {
            Content::Quality { nac_p: bits(me, 45, 48) as u8, sil: bits(me, 51, 52) as u8 }
        }
        _ => Content::Other,
    }
}
