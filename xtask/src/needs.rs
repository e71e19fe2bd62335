//! What the tasks need beyond Rust: found, installed where that is allowed, or named in one line.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::run::{program, root, step};

fn output(name: &str, arguments: &[&str]) -> Option<String> {
    let out = Command::new(name).args(arguments).stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

fn is_root() -> bool {
    output("id", &["-u"]).as_deref() == Some("0")
}

/// Installs Debian packages when root, else says which.
fn apt(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_root() || output("apt-get", &["--version"]).is_none() {
        bail!("{list} missing: run `sudo apt-get install {list}`");
    }
    step("apt-get update", program("apt-get").args(["update", "-qq"]).stdout(Stdio::null()))?;
    step(
        &format!("apt-get install {list}"),
        program("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null()),
    )
}

/// Node 20 or later with npm.
pub(crate) fn node() -> Result<()> {
    let version = output("node", &["--version"])
        .context("Node.js is missing: install Node 20 or later with npm")?;
    let major: u32 =
        version.trim_start_matches('v').split('.').next().and_then(|m| m.parse().ok()).unwrap_or(0);
    if major < 20 {
        bail!("Node.js {version} is too old: install Node 20 or later");
    }
    output("npm", &["--version"]).context("npm is missing: install it beside Node.js")?;
    Ok(())
}

/// A C compiler, for ring, SQLite and zstd.
pub(crate) fn c_compiler() -> Result<()> {
    if output("cc", &["--version"]).is_none() {
        apt(&["build-essential"])?;
    }
    Ok(())
}

/// Debian's Chromium.
pub(crate) fn chromium() -> Result<()> {
    let path = Path::new("/usr/bin/chromium");
    if !path.exists() {
        apt(&["chromium"])?;
    }
    if !path.exists() {
        bail!("/usr/bin/chromium is missing: install Debian's package chromium");
    }
    Ok(())
}

/// A virtual environment with the Python packages in `packages`, outside the system's Python.
pub(crate) fn python(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let python = output("python3", &["--version"]).map(|_| "python3");
    let python = python.context("python3 is missing: install Debian's python3 and python3-venv")?;
    let venv = root().join("target").join("venv").join(name);
    let interpreter = venv.join("bin").join("python");
    let marker = venv.join("installed");
    let wanted = packages.join("\n");
    if std::fs::read_to_string(&marker).is_ok_and(|have| have == wanted) {
        return Ok(interpreter);
    }
    if output(python, &["-c", "import ensurepip"]).is_none() {
        apt(&["python3-venv"])?;
    }
    step("python venv", program(python).args(["-m", "venv", "--clear"]).arg(&venv))?;
    step(
        &format!("pip install {}", packages.join(" ")),
        program(&interpreter.to_string_lossy())
            .args(["-m", "pip", "install", "--quiet"])
            .args(packages),
    )?;
    std::fs::write(&marker, wanted)?;
    Ok(interpreter)
}
