//! The watch floor: npm packages from the lockfile, then the bundle in `web/dist`.

use std::path::Path;
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::needs;
use crate::run::{program, root, step};

/// Builds `web/dist` unless it is newer than everything it is made from.
pub(crate) fn build(force: bool) -> Result<()> {
    let web = root().join("web");
    let index = web.join("dist").join("index.html");
    if !force && is_newer(&index, &[&web, &root().join("locales")]) {
        eprintln!("── watch floor: up to date");
        return Ok(());
    }
    install()?;
    step(
        "watch floor: build",
        program("npm").args(["run", "--silent", "build"]).current_dir(&web),
    )?;
    if !index.exists() {
        bail!("watch floor: the build left no `web/dist/index.html`");
    }
    Ok(())
}

/// Installs the locked npm packages when they are not there or the lockfile changed.
pub(crate) fn install() -> Result<()> {
    needs::node()?;
    let web = root().join("web");
    let installed = web.join("node_modules").join(".package-lock.json");
    let (have, want) = (modified(&installed), modified(&web.join("package-lock.json")));
    if have.is_none() || have < want {
        step(
            "watch floor: npm ci",
            program("npm").args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&web),
        )?;
    }
    Ok(())
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

fn is_newer(built: &Path, sources: &[&Path]) -> bool {
    let Some(built) = modified(built) else { return false };
    sources.iter().all(|source| newest(source).is_none_or(|newest| newest <= built))
}

fn newest(path: &Path) -> Option<SystemTime> {
    let skipped = ["node_modules", "dist", "screenshots"];
    if path.file_name().is_some_and(|name| skipped.iter().any(|s| name == *s)) {
        return None;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return modified(path) };
    entries.flatten().filter_map(|entry| newest(&entry.path())).max()
}
