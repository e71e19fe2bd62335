//! "Flip a byte of a copied ledger: verify names it." The copy is made, broken and thrown away; the
//! real ledger is never touched.

use std::path::Path;

use renkei_model::id::Nation;
use serde_json::{Value, json};
use tokio::process::Command;

use super::cast::PlayError;
use super::nodes;

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Copies the Japanese ledger, flips one bit in the middle, and lets `renkei ledger verify` say
/// what it finds, in both languages.
///
/// # Errors
/// [`PlayError::Copy`] when the copy cannot be made.
pub(crate) async fn flip_and_verify(dir: &Path) -> Result<Value, PlayError> {
    let ledger = nodes::ledger_dir(dir, Nation::JPN);
    let broken = dir.join("flipped");
    let _ = std::fs::remove_dir_all(&broken);
    copy(&ledger, &broken)?;
    let segment = std::fs::read_dir(&broken)?
        .flatten()
        .map(|e| e.path())
        .find(|p| p.extension().is_some_and(|x| x == "seg"));
    if let Some(path) = segment {
        let mut bytes = std::fs::read(&path)?;
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 1;
        }
        std::fs::write(&path, bytes)?;
    }
    let en = verify(&broken, "en").await?;
    let ja = verify(&broken, "ja").await?;
    let _ = std::fs::remove_dir_all(&broken);
    Ok(json!({"en": en, "ja": ja}))
}

async fn verify(path: &Path, language: &str) -> Result<String, PlayError> {
    let output = Command::new(std::env::current_exe()?)
        .args(["ledger", "verify", "--lang", language])
        .arg(path)
        .output()
        .await?;
    let text = String::from_utf8_lossy(&output.stdout);
    // The line that names the damage, or what it says first where there is none.
    let named = text.lines().find(|line| line.contains(".seg"));
    let line = named.or_else(|| text.lines().next()).unwrap_or_default();
    Ok(line.trim().to_owned())
}
