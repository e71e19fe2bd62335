//! The demo's officers: they use the floors' own interface, as a person at a screen would.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use renkei_model::id::Nation;
use serde_json::{Value, json};

use super::client::{CallError, Person};
use super::nodes;
use super::story::Show;
use crate::cli::End;

/// Longest wait for something that the floors should show.
const PATIENCE: Duration = Duration::from_secs(45);
/// The standing option of the story.
const STANDING: &str = "shadow-report";
/// Seconds within which the story wants an answer.
const DEADLINE_S: u32 = 600;

/// Why the play stopped short.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlayError {
    /// A floor refused or did not answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Something did not come in time.
    #[error("wait for {0}: it did not come; the nodes' logs are in the demo's directory")]
    Late(&'static str),
    /// A file could not be copied or changed.
    #[error("copy the ledger: {0}")]
    Copy(#[from] std::io::Error),
    /// Nobody can be signed in.
    #[error("sign in the cast: {0}")]
    SignIn(String),
}

/// Four officers, two a side.
pub(crate) struct Cast {
    jpn_watch: Person,
    jpn_commander: Person,
    usa_watch: Person,
    usa_commander: Person,
}

/// What both floors show now.
pub(crate) struct Floors {
    /// The Japanese floor's affairs.
    jpn: Value,
    /// The US floor's affairs.
    usa: Value,
    /// The Japanese node's health.
    health: Value,
}

fn open_incident(affairs: &Value) -> Option<&Value> {
    let incidents = affairs["incidents"].as_array()?;
    incidents.iter().find(|i| i["state"] != "closed" && i["occurrence"]["kind"] == "zone_entered")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The newest version that still counts, with its option.
fn current(affairs: &Value) -> Option<(&Value, &Value)> {
    let incident = open_incident(affairs)?;
    let options = affairs["options"].as_array()?;
    let option = options.iter().find(|o| o["incident"] == incident["id"])?;
    let version = option["versions"].as_array()?.last()?;
    Some((option, version))
}

impl Cast {
    /// Signs all four in.
    ///
    /// # Errors
    /// [`PlayError`] while a floor does not answer.
    pub(crate) async fn sign_in(dir: &Path, floors: [SocketAddr; 2]) -> Result<Self, PlayError> {
        let person = async |nation: Nation, seat: &str| {
            let floor = if nation == Nation::JPN { floors[0] } else { floors[1] };
            super::client::health(floor).await?;
            let token = nodes::token(dir, nation, seat).map_err(|end| match end {
                End::Wrong(why) => PlayError::SignIn(why),
                End::No => PlayError::SignIn("refused".into()),
            })?;
            Ok::<_, PlayError>(Person::sign_in(floor, &token).await?)
        };
        Ok(Self {
            jpn_watch: person(Nation::JPN, "watch").await?,
            jpn_commander: person(Nation::JPN, "commander").await?,
            usa_watch: person(Nation::USA, "watch").await?,
            usa_commander: person(Nation::USA, "commander").await?,
        })
    }

    async fn floors(&self) -> Result<Floors, PlayError> {
        Ok(Floors {
            jpn: self.jpn_watch.get("/api/affairs").await?,
            usa: self.usa_watch.get("/api/affairs").await?,
            health: self.jpn_watch.get("/api/health").await?,
        })
    }

    /// Waits until `seen` is true of what the floors show.
    ///
    /// # Errors
    /// [`PlayError::Late`] naming `what` when it does not come.
    pub(crate) async fn until(
        &self,
        what: &'static str,
        seen: fn(&Floors) -> bool,
    ) -> Result<Floors, PlayError> {
        let start = Instant::now();
        loop {
            if let Ok(floors) = self.floors().await
                && seen(&floors)
            {
                return Ok(floors);
            }
            if start.elapsed() > PATIENCE {
                return Err(PlayError::Late(what));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// An open incident stands on both floors.
    pub(crate) fn incident_on_both(floors: &Floors) -> bool {
        open_incident(&floors.jpn).is_some() && open_incident(&floors.usa).is_some()
    }

    /// The link is up.
    pub(crate) fn link_is_up(floors: &Floors) -> bool {
        floors.health["link"]["state"] == "up"
    }

    /// Both sides hold both signatures under the same version.
    pub(crate) fn agreed(floors: &Floors) -> bool {
        let (Some((_, jpn)), Some((_, usa))) = (current(&floors.jpn), current(&floors.usa)) else {
            return false;
        };
        jpn["hash"] == usa["hash"] && jpn["held_own"] == true && usa["held_own"] == true
    }

    fn offered_on_both(floors: &Floors) -> bool {
        let (Some((_, jpn)), Some((_, usa))) = (current(&floors.jpn), current(&floors.usa)) else {
            return false;
        };
        jpn["hash"] == usa["hash"] && jpn["offered"] == true
    }

    fn second_version_on_both(floors: &Floors) -> bool {
        Self::offered_on_both(floors)
            && current(&floors.jpn).is_some_and(|(_, v)| v["number"].as_u64() > Some(1))
    }

    /// Both watch officers take the incident.
    ///
    /// # Errors
    /// [`PlayError`] when a floor refuses.
    pub(crate) async fn acknowledge(&self) -> Result<(), PlayError> {
        let floors = self.floors().await?;
        for (person, affairs) in [(&self.jpn_watch, &floors.jpn), (&self.usa_watch, &floors.usa)] {
            if let Some(incident) = open_incident(affairs).filter(|i| i["state"] == "reported") {
                let body = json!({"command": "acknowledge", "incident": incident["id"]});
                person.command(&body).await?;
            }
        }
        Ok(())
    }

    /// The two sides state different affiliations of the same thing.
    ///
    /// # Errors
    /// [`PlayError`] when a floor refuses.
    pub(crate) async fn state_identities(&self) -> Result<(), PlayError> {
        let floors = self.floors().await?;
        let says = [
            (
                &self.jpn_watch,
                &floors.jpn,
                "suspect",
                "no answer on VHF channel 16",
                "国際VHF16chの呼び掛けに応答なし",
            ),
            (
                &self.usa_watch,
                &floors.usa,
                "unknown",
                "no own source confirms it",
                "自国の情報源では確認できず",
            ),
        ];
        for (person, affairs, affiliation, en, ja) in says {
            let Some(track) = open_incident(affairs).and_then(|i| i["track"].as_u64()) else {
                continue;
            };
            let body = json!({"command": "state_identity", "track": track,
                "affiliation": affiliation, "reason": {"en": en, "ja": ja}, "expires_s": 3_600});
            person.command(&body).await?;
        }
        Ok(())
    }

    /// The Japanese watch officer drafts from the standing option and offers it.
    ///
    /// # Errors
    /// [`PlayError`] when a floor refuses or the offer does not arrive.
    pub(crate) async fn offer(&self) -> Result<(), PlayError> {
        let floors = self.until("an incident on both floors", Self::incident_on_both).await?;
        let Some(incident) = open_incident(&floors.jpn) else { return Ok(()) };
        let phrases = self.jpn_watch.get("/api/phrases").await?;
        let standing = phrases["standing"].as_array().and_then(|all| {
            all.iter().find(|s| text(s, "id").starts_with(STANDING)).or(all.first())
        });
        let template = standing.map(|s| s["id"].clone()).unwrap_or_default();
        let draft = json!({"command": "draft", "incident": incident["id"], "template": template,
            "blocks": [], "deadline_s": DEADLINE_S});
        self.jpn_watch.command(&draft).await?;
        let drafted = self.floors().await?;
        if let Some((option, version)) = current(&drafted.jpn) {
            let body =
                json!({"command": "offer", "option": option["id"], "version": version["hash"]});
            self.jpn_watch.command(&body).await?;
        }
        self.until("the offer on the partner's floor", Self::offered_on_both).await.map(drop)
    }

    /// The US watch officer answers with another version: both signatures are void.
    ///
    /// # Errors
    /// [`PlayError`] when a floor refuses or the counter-offer does not arrive.
    pub(crate) async fn counter_offer(&self) -> Result<(), PlayError> {
        let floors = self.floors().await?;
        if let Some((_, version)) = current(&floors.jpn) {
            self.answer(&self.jpn_commander, &floors.jpn, "agree").await?;
            let (option, _) = current(&floors.usa).ok_or(PlayError::Late("the offer"))?;
            let extra = json!({"text": {
                "en": "Both sides exchange position reports every ten minutes.",
                "ja": "日米双方は、10分毎に位置情報を交換する。"},
                "translator": nodes::person(Nation::USA, "watch")});
            let blocks = version["blocks"].clone();
            let blocks = if blocks.as_array().is_none_or(Vec::is_empty) {
                self.blocks_of(option).await?
            } else {
                blocks
            };
            let edit = json!({"command": "edit", "option": option["id"], "parent": version["hash"],
                "blocks": blocks, "extra": extra, "deadline_s": DEADLINE_S});
            self.usa_watch.command(&edit).await?;
            let edited = self.floors().await?;
            if let Some((option, version)) = current(&edited.usa) {
                let body =
                    json!({"command": "offer", "option": option["id"], "version": version["hash"]});
                self.usa_watch.command(&body).await?;
            }
        }
        self.until("the counter-offer on both floors", Self::second_version_on_both).await.map(drop)
    }

    async fn blocks_of(&self, option: &Value) -> Result<Value, PlayError> {
        let phrases = self.usa_watch.get("/api/phrases").await?;
        let standing = phrases["standing"].as_array();
        let found = standing.and_then(|all| all.iter().find(|s| s["id"] == option["template"]));
        Ok(found.map(|s| s["blocks"].clone()).unwrap_or(json!([])))
    }

    async fn answer(
        &self,
        person: &Person,
        affairs: &Value,
        verdict: &str,
    ) -> Result<(), PlayError> {
        let Some((option, version)) = current(affairs) else { return Ok(()) };
        let body = json!({"command": "answer", "option": option["id"], "version": version["hash"],
            "verdict": verdict});
        person.command(&body).await.map(drop).map_err(PlayError::from)
    }

    fn unanswered(affairs: &Value, nation: Nation) -> bool {
        let answers = current(affairs).and_then(|(_, v)| v["answers"].as_array());
        answers.is_some_and(|all| !all.iter().any(|a| a["nation"] == nation.code()))
    }

    /// The Japanese commander's delegate approves.
    ///
    /// # Errors
    /// [`PlayError`] when the floor refuses.
    pub(crate) async fn approve(&self) -> Result<(), PlayError> {
        let floors = self.floors().await?;
        if Self::unanswered(&floors.jpn, Nation::JPN) {
            self.answer(&self.jpn_commander, &floors.jpn, "agree").await?;
        }
        Ok(())
    }

    /// Both commanders sign, one after the other.
    ///
    /// # Errors
    /// [`PlayError`] when a floor refuses.
    pub(crate) async fn sign(&self, show: &Show) -> Result<(), PlayError> {
        self.approve().await?;
        show.beat().await;
        let floors = self.floors().await?;
        if Self::unanswered(&floors.usa, Nation::USA) {
            self.answer(&self.usa_commander, &floors.usa, "agree").await?;
        }
        Ok(())
    }

    /// Each side tasks its own.
    ///
    /// # Errors
    /// [`PlayError`] when a floor refuses.
    pub(crate) async fn task(&self) -> Result<(), PlayError> {
        let floors = self.floors().await?;
        let sides = [
            (&self.jpn_watch, &floors.jpn, Nation::JPN),
            (&self.usa_commander, &floors.usa, Nation::USA),
        ];
        for (person, affairs, nation) in sides {
            let Some((option, version)) = current(affairs) else { continue };
            if version["tasked"][nation.code()].is_null() {
                let body =
                    json!({"command": "task", "option": option["id"], "version": version["hash"]});
                person.command(&body).await?;
            }
        }
        Ok(())
    }

    /// A line in the Japanese watch log: work goes on while the link is cut.
    ///
    /// # Errors
    /// [`PlayError`] when the floor refuses.
    pub(crate) async fn note(&self) -> Result<(), PlayError> {
        let affairs = self.jpn_watch.get("/api/affairs").await?;
        if let Some(incident) = open_incident(&affairs) {
            let body = json!({"command": "note", "incident": incident["id"],
                "text": "回線断の間も監視を継続する（演習）"});
            self.jpn_watch.command(&body).await?;
        }
        Ok(())
    }

    /// Closes every incident of the story on both floors.
    ///
    /// # Errors
    /// [`PlayError`] when a floor refuses.
    pub(crate) async fn archive(&self) -> Result<(), PlayError> {
        let floors = self.floors().await?;
        for (person, affairs) in [(&self.jpn_watch, &floors.jpn), (&self.usa_watch, &floors.usa)] {
            let open = affairs["incidents"].as_array().into_iter().flatten();
            for incident in open.filter(|i| i["state"] != "closed") {
                let body = json!({"command": "close", "incident": incident["id"]});
                person.command(&body).await?;
            }
        }
        Ok(())
    }
}
