//! A node's secrets and its partners' public halves: made at `renkei init`, never shipped, kept in
//! files that only the owner may read.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, Partition};
use serde::{Deserialize, Serialize};

/// What a node needs to prove who it is.
pub(crate) struct NodeKeys {
    /// Signs records and checkpoints of one partition.
    pub(crate) signing: SigningKey,
    /// The border certificate, PEM.
    pub(crate) certificate_pem: String,
    /// Its private key, PEM.
    pub(crate) certificate_key_pem: String,
}

/// What a headquarters hands its partner: everything public that the partner's node must know.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartnerCard {
    /// Whose card.
    pub(crate) nation: Nation,
    /// The headquarters' name.
    pub(crate) name: String,
    /// The partition the signing key is for.
    pub(crate) partition: Partition,
    /// Ed25519 public key, 64 hexadecimal digits.
    pub(crate) signing_key: String,
    /// Border certificate, PEM.
    pub(crate) certificate: String,
}

/// Why keys or a card were refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    /// A file cannot be read or written.
    #[error("open `{path}`: {source}; run `renkei init` for a new node, or restore the file")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file holds something else.
    #[error("read `{path}`: {what}; restore it from backup or ask for a new one")]
    Shape {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The system gave no randomness or the certificate could not be made.
    #[error("make keys: {0}")]
    Make(String),
}

impl PartnerCard {
    /// The fingerprint that two people read aloud: SHA-256 over the whole card, its first 20 bytes
    /// in groups of four hexadecimal digits.
    pub(crate) fn fingerprint(&self) -> String {
        let partition = self.partition.to_string();
        let mut bytes = Vec::new();
        for field in
            [self.nation.code(), &partition, &self.name, &self.signing_key, &self.certificate]
        {
            bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
            bytes.extend_from_slice(field.as_bytes());
        }
        let hex = Digest::of(&bytes).to_hex();
        let groups: Vec<&str> = (0..10).filter_map(|i| hex.get(i * 4..i * 4 + 4)).collect();
        groups.join(" ")
    }

    /// The signing key's 32 bytes.
    ///
    /// # Errors
    /// A sentence when they are not 64 hexadecimal digits.
    pub(crate) fn public_key(&self) -> Result<[u8; 32], String> {
        Digest::from_hex(&self.signing_key)
            .map(|d| d.0)
            .ok_or_else(|| "signing_key is not 64 hexadecimal digits".into())
    }
}

/// Random bytes from the system.
///
/// # Errors
/// [`KeyError::Make`] when the system has none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| KeyError::Make(e.to_string()))?;
    Ok(bytes)
}

/// A directory name for a partition: `real`, `exercise-demo`.
pub(crate) fn slug(partition: &Partition) -> String {
    partition.to_string().replace(':', "-")
}

fn key_dir(dir: &Path, partition: &Partition) -> PathBuf {
    dir.join("keys").join(slug(partition))
}

/// Writes `text` to `path` so that only the owner can read it, replacing the file as a whole.
///
/// # Errors
/// [`KeyError::File`] when it cannot be written.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), KeyError> {
    let fail = |source| KeyError::File { path: path.into(), source };
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    let temporary = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)
        .map_err(fail)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fail)?;
    std::fs::rename(&temporary, path).map_err(fail)
}

fn read(path: &Path) -> Result<String, KeyError> {
    std::fs::read_to_string(path).map_err(|source| KeyError::File { path: path.into(), source })
}

/// Makes fresh keys for one partition of a node under `dir/keys`.
///
/// # Errors
/// [`KeyError`] when there is no randomness or a file cannot be written.
pub(crate) fn create(dir: &Path, nation: Nation, partition: &Partition) -> Result<(), KeyError> {
    let keys = key_dir(dir, partition);
    let seed = random::<32>()?;
    write_private(&keys.join("signing.key"), &Digest(seed).to_hex())?;
    let name = format!("{}.renkei.internal", nation.code().to_lowercase());
    let make = |e: rcgen::Error| KeyError::Make(e.to_string());
    let pair = rcgen::KeyPair::generate().map_err(make)?;
    let certificate = rcgen::CertificateParams::new(vec![name])
        .map_err(make)?
        .self_signed(&pair)
        .map_err(make)?;
    write_private(&keys.join("border.pem"), &certificate.pem())?;
    write_private(&keys.join("border.key"), &pair.serialize_pem())
}

/// Loads the keys of one partition.
///
/// # Errors
/// [`KeyError`] when a file is missing or damaged.
pub(crate) fn load(dir: &Path, partition: &Partition) -> Result<NodeKeys, KeyError> {
    let keys = key_dir(dir, partition);
    let path = keys.join("signing.key");
    let seed = Digest::from_hex(read(&path)?.trim())
        .ok_or_else(|| KeyError::Shape { path, what: "not 64 hexadecimal digits".into() })?;
    Ok(NodeKeys {
        signing: SigningKey::from_bytes(&seed.0),
        certificate_pem: read(&keys.join("border.pem"))?,
        certificate_key_pem: read(&keys.join("border.key"))?,
    })
}

/// Where a new signing key waits until the ledger has its notice.
fn next_path(dir: &Path, partition: &Partition) -> PathBuf {
    key_dir(dir, partition).join("signing.key.next")
}

/// Makes a signing key that is not in force yet.
///
/// # Errors
/// [`KeyError`] when there is no randomness or the file cannot be written.
pub(crate) fn make_next_signing(dir: &Path, partition: &Partition) -> Result<SigningKey, KeyError> {
    let seed = random::<32>()?;
    write_private(&next_path(dir, partition), &Digest(seed).to_hex())?;
    Ok(SigningKey::from_bytes(&seed))
}

/// The signing key that waits, if one does.
///
/// # Errors
/// [`KeyError`] when it is damaged.
pub(crate) fn next_signing(
    dir: &Path,
    partition: &Partition,
) -> Result<Option<SigningKey>, KeyError> {
    let path = next_path(dir, partition);
    if !path.exists() {
        return Ok(None);
    }
    let seed = Digest::from_hex(read(&path)?.trim())
        .ok_or_else(|| KeyError::Shape { path, what: "not 64 hexadecimal digits".into() })?;
    Ok(Some(SigningKey::from_bytes(&seed.0)))
}

/// Puts the waiting key in the place of the old one, which is gone then.
///
/// # Errors
/// [`KeyError::File`].
pub(crate) fn take_next_signing(dir: &Path, partition: &Partition) -> Result<(), KeyError> {
    let path = next_path(dir, partition);
    std::fs::rename(&path, key_dir(dir, partition).join("signing.key"))
        .map_err(|source| KeyError::File { path, source })
}

/// Drops the waiting key.
///
/// # Errors
/// [`KeyError::File`].
pub(crate) fn drop_next_signing(dir: &Path, partition: &Partition) -> Result<(), KeyError> {
    let path = next_path(dir, partition);
    std::fs::remove_file(&path).map_err(|source| KeyError::File { path, source })
}

/// This node's card for its partner.
pub(crate) fn card(
    keys: &NodeKeys,
    nation: Nation,
    name: &str,
    partition: &Partition,
) -> PartnerCard {
    PartnerCard {
        nation,
        name: name.into(),
        partition: partition.clone(),
        signing_key: Digest(keys.signing.verifying_key().to_bytes()).to_hex(),
        certificate: keys.certificate_pem.clone(),
    }
}

/// Where the card of `nation` lies under `dir`.
pub(crate) fn card_path(dir: &Path, partition: &Partition, nation: Nation) -> PathBuf {
    dir.join("partners")
        .join(slug(partition))
        .join(format!("{}.toml", nation.code().to_lowercase()))
}

/// The cards of all partners of one partition, by file name; none when none was taken.
///
/// # Errors
/// [`KeyError`] when the directory cannot be listed or a file in it is no card.
pub(crate) fn cards(dir: &Path, partition: &Partition) -> Result<Vec<PartnerCard>, KeyError> {
    let path = dir.join("partners").join(slug(partition));
    let fail = |source| KeyError::File { path: path.clone(), source };
    let entries = match std::fs::read_dir(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(fail)?,
    };
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(fail)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files.iter().map(|file| load_card(file)).collect()
}

/// Reads a partner's card.
///
/// # Errors
/// [`KeyError`] when it is missing or is no card.
pub(crate) fn load_card(path: &Path) -> Result<PartnerCard, KeyError> {
    let card: PartnerCard = toml::from_str(&read(path)?)
        .map_err(|e| KeyError::Shape { path: path.into(), what: e.message().into() })?;
    card.public_key().map_err(|what| KeyError::Shape { path: path.into(), what })?;
    Ok(card)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_a_restart_and_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let partition: Partition = "exercise:demo".parse().unwrap();
        create(dir.path(), Nation::JPN, &partition).unwrap();
        let (a, b) = (load(dir.path(), &partition).unwrap(), load(dir.path(), &partition).unwrap());
        assert_eq!(a.signing.to_bytes(), b.signing.to_bytes());
        let key = dir.path().join("keys/exercise-demo/signing.key");
        assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o077, 0);
    }

    #[test]
    fn any_change_to_a_card_changes_its_fingerprint() {
        let dir = tempfile::tempdir().unwrap();
        let partition: Partition = "real".parse().unwrap();
        create(dir.path(), Nation::USA, &partition).unwrap();
        let card = card(&load(dir.path(), &partition).unwrap(), Nation::USA, "HQ", &partition);
        let mut other = card.clone();
        other.name.push('x');
        assert_ne!(card.fingerprint(), other.fingerprint());
        assert_eq!(card.fingerprint().len(), 49);
    }
}
