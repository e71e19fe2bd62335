//! People, one-time sign-in links and sessions. No passwords: a link is handed over by the
//! administrator, works once within its time, and becomes a cookie. Only hashes are stored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use renkei_model::cbor::Digest;
use renkei_model::id::Nation;
use renkei_model::seat::{Role, SeatId};
use renkei_model::statement::Language;
use renkei_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::keys::{self, KeyError};

/// How long a session lasts: one watch of twelve hours and its handover.
const SESSION_MS: i64 = 13 * 3_600_000;
/// Most sessions kept; the oldest goes first.
const SESSIONS_MAX: usize = 1_000;

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    /// The name to be spoken; unique on this node.
    pub(crate) person: String,
    /// Whose person: the partner's liaison on our floor has the partner's nation.
    pub(crate) nation: Nation,
    /// What they may do.
    pub(crate) role: Role,
    /// The seat they act from, if any.
    pub(crate) seat: Option<SeatId>,
    /// The language of their screen.
    pub(crate) language: Language,
    /// Open one-time links: hash of the token, and until when.
    #[serde(default)]
    pub(crate) links: BTreeMap<String, Timestamp>,
}

/// One signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// Who.
    pub(crate) person: String,
    /// Until when.
    pub(crate) until: Timestamp,
}

#[derive(Default, Serialize, Deserialize)]
struct UsersFile {
    users: Vec<User>,
}

#[derive(Default, Serialize, Deserialize)]
struct SessionsFile {
    /// Hash of the cookie → session.
    sessions: BTreeMap<String, Session>,
    /// Hashes of links that were used, and when they would have ended.
    used: BTreeMap<String, Timestamp>,
}

fn hash(token: &str) -> String {
    Digest::of_parts(&[b"renkei/sign-in/1\0", token.as_bytes()]).to_hex()
}

fn users_path(dir: &Path) -> PathBuf {
    dir.join("users.json")
}

fn read_json<T: Default + for<'d> Deserialize<'d>>(path: &Path) -> Result<T, KeyError> {
    match std::fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text)
            .map_err(|e| KeyError::Shape { path: path.into(), what: e.to_string() }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
        Err(source) => Err(KeyError::File { path: path.into(), source }),
    }
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), KeyError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| KeyError::Shape { path: path.into(), what: e.to_string() })?;
    keys::write_private(path, &text)
}

/// All people of the node at `dir`.
///
/// # Errors
/// [`KeyError`] when the file is damaged.
pub(crate) fn users(dir: &Path) -> Result<Vec<User>, KeyError> {
    Ok(read_json::<UsersFile>(&users_path(dir))?.users)
}

/// Adds `user`, or replaces the one of the same name.
///
/// # Errors
/// [`KeyError`] when the file cannot be read or written.
pub(crate) fn put(dir: &Path, user: User) -> Result<(), KeyError> {
    let mut file: UsersFile = read_json(&users_path(dir))?;
    file.users.retain(|u| u.person != user.person);
    file.users.push(user);
    write_json(&users_path(dir), &file)
}

/// Removes a person; their sessions end at once. `false` when there was none of that name.
///
/// # Errors
/// [`KeyError`] when the file cannot be read or written.
pub(crate) fn revoke(dir: &Path, person: &str) -> Result<bool, KeyError> {
    let mut file: UsersFile = read_json(&users_path(dir))?;
    let before = file.users.len();
    file.users.retain(|u| u.person != person);
    write_json(&users_path(dir), &file)?;
    Ok(file.users.len() < before)
}

/// Makes a one-time token for `person`, good until `until`. `None` when there is no such person.
///
/// # Errors
/// [`KeyError`] when there is no randomness or the file cannot be written.
pub(crate) fn link(
    dir: &Path,
    person: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<String>, KeyError> {
    let token = Digest(keys::random::<32>()?).to_hex();
    let mut file: UsersFile = read_json(&users_path(dir))?;
    let Some(user) = file.users.iter_mut().find(|u| u.person == person) else { return Ok(None) };
    user.links.retain(|_, end| *end > now);
    user.links.insert(hash(&token), until);
    write_json(&users_path(dir), &file)?;
    Ok(Some(token))
}

/// The running node's view of people and sessions. People are read again whenever their file
/// changes, so a revocation holds from the next request on.
pub(crate) struct Access {
    dir: PathBuf,
    users: Vec<User>,
    users_changed: Option<SystemTime>,
    state: SessionsFile,
}

impl Access {
    /// Opens the people and sessions of the node at `dir`.
    ///
    /// # Errors
    /// [`KeyError`] when a file is damaged.
    pub(crate) fn open(dir: &Path) -> Result<Self, KeyError> {
        let state = read_json(&dir.join("sessions.json"))?;
        let mut access = Self { dir: dir.into(), users: Vec::new(), users_changed: None, state };
        access.refresh()?;
        Ok(access)
    }

    fn refresh(&mut self) -> Result<(), KeyError> {
        let changed = std::fs::metadata(users_path(&self.dir)).and_then(|m| m.modified()).ok();
        if changed != self.users_changed || changed.is_none() {
            self.users = users(&self.dir)?;
            self.users_changed = changed;
        }
        Ok(())
    }

    /// Turns a one-time token into a cookie value; `None` when the token is unknown, used or late.
    ///
    /// # Errors
    /// [`KeyError`] when a file cannot be read or written.
    pub(crate) fn sign_in(
        &mut self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(String, User)>, KeyError> {
        self.users = users(&self.dir)?;
        let key = hash(token);
        let found = self.users.iter().find(|u| u.links.get(&key).is_some_and(|end| *end > now));
        let Some(user) = found.cloned() else { return Ok(None) };
        if self.state.used.contains_key(&key) {
            return Ok(None);
        }
        self.state.used.retain(|_, end| *end > now);
        self.state.sessions.retain(|_, s| s.until > now);
        while self.state.sessions.len() >= SESSIONS_MAX {
            let oldest = self.state.sessions.iter().min_by_key(|(_, s)| s.until);
            let Some(oldest) = oldest.map(|(k, _)| k.clone()) else { break };
            self.state.sessions.remove(&oldest);
        }
        self.state.used.insert(key, now.plus_ms(SESSION_MS));
        let cookie = Digest(keys::random::<32>()?).to_hex();
        let session = Session { person: user.person.clone(), until: now.plus_ms(SESSION_MS) };
        self.state.sessions.insert(hash(&cookie), session);
        write_json(&self.dir.join("sessions.json"), &self.state)?;
        Ok(Some((cookie, user)))
    }

    /// Who holds `cookie` now; `None` when the session ended or the person was revoked.
    pub(crate) fn who(&mut self, cookie: &str, now: Timestamp) -> Option<User> {
        if let Err(error) = self.refresh() {
            tracing::error!(%error, "people cannot be read: nobody is signed in");
            return None;
        }
        let session = self.state.sessions.get(&hash(cookie)).filter(|s| s.until > now)?;
        self.users.iter().find(|u| u.person == session.person).cloned()
    }

    /// Ends the session of `cookie`.
    ///
    /// # Errors
    /// [`KeyError`] when the file cannot be written.
    pub(crate) fn sign_out(&mut self, cookie: &str) -> Result<(), KeyError> {
        self.state.sessions.remove(&hash(cookie));
        write_json(&self.dir.join("sessions.json"), &self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn officer() -> User {
        User {
            person: "Sato".into(),
            nation: Nation::JPN,
            role: Role::WatchOfficer,
            seat: Some(SeatId("watch".into())),
            language: Language::Ja,
            links: BTreeMap::new(),
        }
    }

    #[test]
    fn a_link_works_once_and_its_session_ends_with_the_person() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp(1_000_000);
        put(dir.path(), officer()).unwrap();
        let token = link(dir.path(), "Sato", now, now.plus_ms(60_000)).unwrap().unwrap();
        let mut access = Access::open(dir.path()).unwrap();
        let (cookie, user) = access.sign_in(&token, now).unwrap().unwrap();
        assert_eq!(user.person, "Sato");
        assert!(access.sign_in(&token, now).unwrap().is_none(), "a second use");
        let mut restarted = Access::open(dir.path()).unwrap();
        assert!(restarted.who(&cookie, now).is_some(), "a restart keeps the session");
        assert!(restarted.sign_in(&token, now).unwrap().is_none(), "also after a restart");
        assert!(revoke(dir.path(), "Sato").unwrap());
        let mut after = Access::open(dir.path()).unwrap();
        assert!(after.who(&cookie, now).is_none());
    }

    #[test]
    fn a_late_link_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp(1_000_000);
        put(dir.path(), officer()).unwrap();
        let token = link(dir.path(), "Sato", now, now.plus_ms(60_000)).unwrap().unwrap();
        let mut access = Access::open(dir.path()).unwrap();
        assert!(access.sign_in(&token, now.plus_ms(60_001)).unwrap().is_none());
    }
}
