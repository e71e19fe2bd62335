//! Where the recordings lie that are shared between checkouts and not part of this repository.

use std::io::Read as _;
use std::path::PathBuf;

/// The whole recording `name` of the shared data, unpacked; `None`, said on the output, when the
/// recordings are not beside this checkout.
pub(crate) fn recording(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let Ok(packed) = std::fs::read(&path) else {
        println!("skipped: no recording {}", path.display());
        return None;
    };
    if !name.ends_with(".gz") {
        return Some(packed);
    }
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
