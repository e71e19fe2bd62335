//! A second, small writer and reader of the wire, made from `docs/wire.md` and not from the code.

use minicbor::Encoder;
use minicbor::data::Type;
use zstd::stream::raw::{Decoder, Operation as _};

pub(crate) const HELLO: u8 = 1;
pub(crate) const REFUSE: u8 = 2;
pub(crate) const HEARTBEAT: u8 = 3;
pub(crate) const ACK: u8 = 4;
pub(crate) const CREDIT: u8 = 5;
pub(crate) const CHUNK: u8 = 6;
pub(crate) const OBSERVATIONS: u8 = 7;
pub(crate) const PICTURE: u8 = 8;
pub(crate) const PIECES: u8 = 9;

/// A frame round `body`.
pub(crate) fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16).to_be_bytes();
    let mut checked = vec![length[0], length[1], kind];
    checked.extend_from_slice(body);
    let mut out = vec![length[0], length[1], kind];
    out.extend_from_slice(&crc32c::crc32c(&checked).to_be_bytes());
    out.extend_from_slice(body);
    out
}

/// A CBOR body.
pub(crate) fn body(write: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Option<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut Encoder::new(&mut bytes)).expect("writing to memory");
    bytes
}

/// The body of a CHUNK.
pub(crate) fn chunk_body(class: u8, seq: u64, total: u32, offset: u32, data: &[u8]) -> Vec<u8> {
    body(|e| {
        e.array(5).ok()?.u8(class).ok()?.u64(seq).ok()?.u32(total).ok()?.u32(offset).ok()?;
        e.bytes(data).ok()?.ok().ok()
    })
}

/// The fields of a HELLO that tests change.
#[derive(Clone, Debug)]
pub(crate) struct Hello {
    pub(crate) domain: &'static str,
    pub(crate) newest: u16,
    pub(crate) oldest: u16,
    pub(crate) nation: &'static [u8; 3],
    pub(crate) partner: &'static [u8; 3],
    pub(crate) exercise: &'static str,
    pub(crate) epoch: u32,
    pub(crate) boot: u64,
    pub(crate) session: u64,
    /// Class, epoch, seq.
    pub(crate) cursors: Vec<(u8, u32, u64)>,
    /// Fields that a later version appended.
    pub(crate) later: u64,
}

impl Default for Hello {
    /// What USA says to JPN at their first meeting.
    fn default() -> Self {
        Self {
            domain: "renkei/border",
            newest: 1,
            oldest: 1,
            nation: b"USA",
            partner: b"JPN",
            exercise: "keen-edge",
            epoch: 1,
            boot: 77,
            session: 1,
            cursors: vec![(1, 1, 0), (2, 1, 0), (4, 1, 0)],
            later: 0,
        }
    }
}

impl Hello {
    pub(crate) fn frame(&self) -> Vec<u8> {
        frame(
            HELLO,
            &body(|e| {
                e.array(13 + self.later).ok()?;
                e.str(self.domain).ok()?.u16(self.newest).ok()?.u16(self.oldest).ok()?;
                e.u16(1).ok()?.u16(1).ok()?.bytes(&[9; 32]).ok()?;
                e.bytes(self.nation).ok()?.bytes(self.partner).ok()?;
                e.array(2).ok()?.u8(1).ok()?.array(1).ok()?.str(self.exercise).ok()?;
                e.u32(self.epoch).ok()?.u64(self.boot).ok()?.u64(self.session).ok()?;
                e.array(self.cursors.len() as u64).ok()?;
                for (class, epoch, seq) in &self.cursors {
                    e.array(2).ok()?.u8(*class).ok()?;
                    e.array(2).ok()?.u32(*epoch).ok()?.u64(*seq).ok()?;
                }
                for extra in 0..self.later {
                    e.u64(extra).ok()?;
                }
                Some(())
            }),
        )
    }
}

/// A CHUNK whose array was begun.
fn chunk_name(d: &mut minicbor::Decoder<'_>) -> String {
    let (class, seq) = (d.u8().expect("class"), d.u64().expect("seq"));
    let (total, offset) = (d.u32().expect("total"), d.u32().expect("offset"));
    assert_eq!(d.datatype().expect("data"), Type::Bytes);
    d.skip().expect("data");
    format!("CHUNK class {class} seq {seq} at {offset} of {total}")
}

/// The pieces in a PIECES body that continues what `zstd` has read.
pub(crate) fn pieces(zstd: &mut Decoder<'_>, body: &[u8]) -> Vec<String> {
    let (mut length, mut shift, mut rest) = (0_usize, 0, body);
    while let [byte, after @ ..] = rest {
        length |= usize::from(byte & 0x7F) << shift;
        (shift, rest) = (shift + 7, after);
        if byte & 0x80 == 0 {
            break;
        }
    }
    let mut raw = vec![0; 16_384];
    let status = zstd.run_on_buffers(&rest[..length], &mut raw).expect("the session's stream");
    let mut d = minicbor::Decoder::new(&raw[..status.bytes_written]);
    let mut names = Vec::new();
    while d.position() < status.bytes_written {
        assert_eq!(d.array().expect("a piece"), Some(5));
        names.push(chunk_name(&mut d));
    }
    names
}

/// Kind and body of each whole frame in `bytes`.
pub(crate) fn frames(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let [high, low, kind, _, _, _, _, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        frames.push((*kind, rest[..length].to_vec()));
        assert_eq!(frame(*kind, &rest[..length]), bytes[..7 + length], "the check is right");
        bytes = &rest[length..];
    }
    assert!(bytes.is_empty(), "whole frames only");
    frames
}

/// The frames in `bytes` by name, with what a test reads most.
pub(crate) fn names(bytes: &[u8]) -> Vec<String> {
    let mut zstd = Decoder::new().expect("memory");
    let name = |(kind, body): (u8, Vec<u8>)| {
        let mut d = minicbor::Decoder::new(&body);
        let _ = d.array();
        match kind {
            HELLO => "HELLO".into(),
            REFUSE => format!("REFUSE {} {}", d.u16().expect("code"), d.str().expect("words")),
            HEARTBEAT => "HEARTBEAT".into(),
            ACK => "ACK".into(),
            CREDIT => format!("CREDIT {}", d.u64().expect("taken")),
            CHUNK => chunk_name(&mut d),
            OBSERVATIONS => {
                format!("OBSERVATIONS {}", d.array().expect("items").expect("definite"))
            }
            PICTURE => "PICTURE".into(),
            PIECES => pieces(&mut zstd, &body).join(", "),
            other => format!("kind {other}"),
        }
    };
    frames(bytes).into_iter().map(name).collect()
}
