//! The story, told step by step: it runs by itself when nobody touches it, waits for a human who
//! does, and archives its own incidents before it begins again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use renkei_sim::world::Cue;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};

use super::cast::{Cast, PlayError};
use super::wire::Wire;

/// The steps in order; their words are in the language files as `stage-<id>-…`.
pub(crate) const STEPS: [Step; 9] = [
    Step { id: "watch", dwell_s: 10 },
    Step { id: "zone_entry", dwell_s: 14 },
    Step { id: "why_withheld", dwell_s: 14 },
    Step { id: "standing_option", dwell_s: 14 },
    Step { id: "concur", dwell_s: 14 },
    Step { id: "cut", dwell_s: 16 },
    Step { id: "heal", dwell_s: 10 },
    Step { id: "flip_byte", dwell_s: 12 },
    Step { id: "connect_receiver", dwell_s: 14 },
];

/// One step of the story.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// How long it stands when nobody touches anything.
    dwell_s: u64,
}

/// A button of the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Do what is left of this step and go on.
    Next,
    /// Stand still.
    Pause,
    /// Run by itself.
    Play,
    /// Let the human act; the story only watches.
    Human,
    /// Cut the link.
    Cut,
    /// Heal the link.
    Heal,
}

struct Now {
    step: usize,
    since: Instant,
    playing: bool,
    human: bool,
    skip: bool,
    verify: Option<Value>,
    trouble: Option<String>,
}

/// The story's state, shared by the strip and the player.
pub(crate) struct Show {
    now: Mutex<Now>,
    touched: Notify,
    wire: Wire,
}

impl Show {
    /// A story at its first step.
    pub(crate) fn new(wire: Wire) -> Self {
        let now = Now {
            step: 0,
            since: Instant::now(),
            playing: true,
            human: false,
            skip: false,
            verify: None,
            trouble: None,
        };
        Self { now: Mutex::new(now), touched: Notify::new(), wire }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Now) -> T) -> T {
        match self.now.lock() {
            Ok(mut now) => change(&mut now),
            Err(poisoned) => change(&mut poisoned.into_inner()),
        }
    }

    /// What the strip shows.
    pub(crate) fn state(&self) -> Value {
        let link = if self.wire.is_whole() { "up" } else { "cut" };
        self.with(|now| {
            json!({
                "step": now.step,
                "steps": STEPS.map(|s| json!({"id": s.id, "dwell_ms": s.dwell_s * 1_000})),
                "playing": now.playing,
                "human": now.human,
                "waits": if now.human { "human" } else { "auto" },
                "link": link,
                "elapsed_ms": u64::try_from(now.since.elapsed().as_millis()).unwrap_or(u64::MAX),
                "verify": now.verify,
                "trouble": now.trouble,
            })
        })
    }

    /// A button was pressed.
    pub(crate) fn press(&self, press: Press) {
        match press {
            Press::Cut => self.wire.cut(),
            Press::Heal => self.wire.heal(),
            Press::Next => self.with(|now| now.skip = true),
            Press::Pause => self.with(|now| now.playing = false),
            Press::Play => self.with(|now| (now.playing, now.human) = (true, false)),
            Press::Human => self.with(|now| now.human = true),
        }
        self.touched.notify_waiters();
    }

    fn enter(&self, step: usize) {
        self.with(|now| {
            (now.step, now.since, now.skip, now.trouble) = (step, Instant::now(), false, None);
            if STEPS[step].id == "watch" {
                now.verify = None;
            }
        });
    }

    /// Sleeps until `for_s` seconds of this step have passed while it plays, or until Next.
    async fn dwell(&self, for_s: u64) {
        let mut left = Duration::from_secs(for_s);
        let beat = Duration::from_millis(250);
        loop {
            let (skip, counts) = self.with(|now| (now.skip, now.playing && !now.human));
            if skip || left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(beat) => if counts { left = left.saturating_sub(beat); },
                () = self.touched.notified() => {}
            }
        }
    }

    /// Whether the human acts in this step; waits while the story is paused.
    async fn human_acts(&self) -> bool {
        loop {
            let (skip, playing, human) = self.with(|now| (now.skip, now.playing, now.human));
            if skip || (playing && !human) {
                return false;
            }
            if human {
                return true;
            }
            self.touched.notified().await;
        }
    }
}

/// What the player needs beside the strip.
pub(crate) struct Player {
    /// The demo's directory.
    pub(crate) dir: PathBuf,
    /// The floors: JPN, USA.
    pub(crate) floors: [SocketAddr; 2],
    /// The world's ear.
    pub(crate) cues: mpsc::Sender<Cue>,
    /// Where a receiver of the newcomer's own can connect.
    pub(crate) receiver: SocketAddr,
}

/// Tells the story for ever.
pub(crate) async fn tell(show: std::sync::Arc<Show>, player: Player) {
    loop {
        let cast = match Cast::sign_in(&player.dir, player.floors).await {
            Ok(cast) => cast,
            Err(error) => {
                tracing::debug!(%error, "the cast waits for its floors");
                tokio::time::sleep(Duration::from_millis(500)).await;
                continue;
            }
        };
        for (index, step) in STEPS.iter().enumerate() {
            show.enter(index);
            if let Err(error) = act(&show, &player, &cast, step.id).await {
                eprintln!("renkei demo: step {}: {error}", step.id);
                show.with(|now| now.trouble = Some(error.to_string()));
            }
            show.dwell(step.dwell_s).await;
        }
        if let Err(error) = cast.archive().await {
            eprintln!("renkei demo: archive: {error}");
        }
        let _ = player.cues.send(Cue::Reset).await;
    }
}

async fn act(show: &Show, player: &Player, cast: &Cast, step: &str) -> Result<(), PlayError> {
    match step {
        "zone_entry" => {
            let _ = player.cues.send(Cue::ZoneEntry).await;
            cast.until("an incident on both floors", Cast::incident_on_both).await?;
            if !show.human_acts().await {
                cast.acknowledge().await?;
                cast.state_identities().await?;
            }
        }
        "standing_option" => standing_option(show, cast).await?,
        "concur" => {
            if show.human_acts().await {
                cast.approve().await?;
            } else {
                cast.sign(show).await?;
            }
            cast.until("both signatures", Cast::agreed).await?;
            cast.task().await?;
        }
        "cut" => {
            show.wire.cut();
            show.beat().await;
            cast.note().await?;
        }
        "heal" => {
            show.wire.heal();
            cast.until("the link", Cast::link_is_up).await?;
        }
        "flip_byte" => {
            let verdict = super::flip::flip_and_verify(&player.dir).await?;
            show.with(|now| now.verify = Some(json!({ "text": verdict })));
        }
        "connect_receiver" => {
            let en = format!("send AIVDM lines by TCP to {}", player.receiver);
            let ja = format!("AIVDM 文を TCP で {} に送ってください", player.receiver);
            show.with(|now| now.verify = Some(json!({ "text": { "en": en, "ja": ja } })));
        }
        _ => {}
    }
    Ok(())
}

/// One side offers, the other answers with another version.
async fn standing_option(show: &Show, cast: &Cast) -> Result<(), PlayError> {
    if show.human_acts().await {
        return Ok(());
    }
    cast.offer().await?;
    show.dwell(6).await;
    cast.counter_offer().await
}

impl Show {
    /// A short pause between two hands of the play.
    pub(crate) async fn beat(&self) {
        self.dwell(3).await;
    }
}
