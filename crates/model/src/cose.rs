//! COSE_Sign1 (RFC 9052 section 4.2): a record as an object that any COSE library verifies.

use minicbor::Encoder;
use minicbor::data::Tag;

/// What the payload is; protected, so that no signature made for something else passes for one under
/// a record.
pub const CONTENT_TYPE: &str = "application/vnd.renkei.record+cbor";
/// CBOR tag of COSE_Sign1.
const TAG_SIGN1: u64 = 18;
/// Header parameters `alg`, `content type`, `kid` (RFC 9052 section 3.1).
const ALG: u8 = 1;
const TYPE: u8 = 3;
const KID: u8 = 4;
/// EdDSA (RFC 9053 section 2.2).
const EDDSA: i8 = -8;

/// The protected header of a record: EdDSA, and [`CONTENT_TYPE`].
#[must_use]
pub fn protected() -> Vec<u8> {
    encoded(|e| e.map(2)?.u8(ALG)?.i8(EDDSA)?.u8(TYPE)?.str(CONTENT_TYPE)?.ok())
}

/// The bytes that are signed: Sig_structure (RFC 9052 section 4.4), without external data.
#[must_use]
pub fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    encoded(|e| e.array(4)?.str("Signature1")?.bytes(protected)?.bytes(&[])?.bytes(payload)?.ok())
}

/// A tagged COSE_Sign1 object with the key's id in its unprotected header.
#[must_use]
pub fn sign1(protected: &[u8], kid: &[u8], payload: &[u8], signature: &[u8]) -> Vec<u8> {
    encoded(|e| {
        e.tag(Tag::new(TAG_SIGN1))?.array(4)?.bytes(protected)?;
        e.map(1)?.u8(KID)?.bytes(kid)?.bytes(payload)?.bytes(signature)?.ok()
    })
}

type Infallible = minicbor::encode::Error<core::convert::Infallible>;

fn encoded(write: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), Infallible>) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    write(&mut Encoder::new(&mut out)).ok();
    out
}

#[cfg(test)]
mod tests {
    //! The examples of RFC 9052 and of its working group.

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    #[test]
    fn an_object_has_the_bytes_of_rfc_9052_appendix_c_2_1() {
        let signature = hex(
            "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36",
        );
        let made = sign1(&hex("a10126"), b"11", b"This is the content.", &signature);
        let head = "d28443a10126a10442313154546869732069732074686520636f6e74656e742e5840";
        assert_eq!(made, [hex(head), signature].concat());
    }

    #[test]
    fn what_is_signed_has_the_bytes_of_the_working_groups_eddsa_example() {
        // cose-wg/Examples, eddsa-examples/eddsa-sig-01.json, ToBeSign_hex.
        let expected =
            "846a5369676e61747572653145a2012703004054546869732069732074686520636f6e74656e742e";
        assert_eq!(to_be_signed(&hex("a201270300"), b"This is the content."), hex(expected));
    }

    #[test]
    fn the_protected_header_names_algorithm_and_content() {
        assert_eq!(protected(), [&hex("a20127037822")[..], CONTENT_TYPE.as_bytes()].concat());
    }
}
