//! What was sent and what was held, by rule and tier: totals for the screen, the last releases by
//! name, and for the ledger one block a minute with the hash of all it counts.

use std::collections::VecDeque;

use minicbor::{Decode, Encode};
use renkei_model::cbor::Digest;
use renkei_model::id::Nation;
use renkei_model::statement::Bilingual;
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Released, Tier, TierVerdict};

use super::view::{RecentRelease, RuleCount};

/// Releases kept by name.
const RECENT_MAX: usize = 100;
const MINUTE_MS: i64 = 60_000;

/// One minute of releases to one partner under one rule and tier, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReleaseBlock {
    /// To whom.
    #[n(0)]
    pub partner: Nation,
    /// The `@id` of the policy that decided; `None` when no agreement covers it.
    #[n(1)]
    pub rule: Option<String>,
    /// The tier's code: the highest that was sent, or the lowest that was held.
    #[n(2)]
    pub tier: String,
    /// Start of the minute.
    #[n(3)]
    pub minute: Timestamp,
    /// Releases sent.
    #[n(4)]
    pub sent: u64,
    /// Reports held.
    #[n(5)]
    pub held: u64,
    /// Over the sent releases in order: each is SHA-256(previous ‖ SHA-256(canonical bytes)), from
    /// 32 zero bytes.
    #[n(6)]
    pub digest: Digest,
    /// The hash of the policy's texts.
    #[n(7)]
    pub policy: Digest,
}

#[derive(Clone, Debug)]
struct Row {
    rule: Option<String>,
    tier: Tier,
    reason: Bilingual,
    sent: u64,
    held: u64,
    block_sent: u64,
    block_held: u64,
    digest: Digest,
}

/// All counts towards one partner. Rows are as many as a policy has rules and tiers.
#[derive(Clone, Debug)]
pub(crate) struct ReleaseCounts {
    partner: Nation,
    policy: Digest,
    rows: Vec<Row>,
    minute: Option<Timestamp>,
    recent: VecDeque<RecentRelease>,
}

impl ReleaseCounts {
    pub(crate) fn new(partner: Nation, policy: Digest) -> Self {
        Self { partner, policy, rows: Vec::new(), minute: None, recent: VecDeque::new() }
    }

    /// Counts a report of which `withheld` is the lowest tier that stayed.
    pub(crate) fn held(&mut self, withheld: &TierVerdict) {
        let row = self.row(withheld.policy.as_deref(), withheld.tier, &withheld.reason);
        row.held += 1;
        row.block_held += 1;
    }

    /// Counts a release whose highest tier is told by `verdict`.
    pub(crate) fn sent(
        &mut self,
        released: &Released<ObservationRelease>,
        verdict: &TierVerdict,
        now: Timestamp,
    ) {
        let row = self.row(Some(released.policy()), verdict.tier, &verdict.reason);
        row.sent += 1;
        row.block_sent += 1;
        let Digest(item) = Digest::of(&released.item().to_bytes());
        row.digest = Digest::of_parts(&[&row.digest.0, &item]);
        let recent = recent(released, verdict.tier, now);
        if self.recent.len() >= RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(recent);
    }

    /// The blocks of the minute before, once `now` lies in another.
    pub(crate) fn minute(&mut self, now: Timestamp) -> Vec<ReleaseBlock> {
        let minute = Timestamp(now.0 - now.0.rem_euclid(MINUTE_MS));
        if self.minute == Some(minute) {
            return Vec::new();
        }
        let blocks = self.close();
        self.minute = Some(minute);
        blocks
    }

    /// The open blocks, as they are.
    pub(crate) fn close(&mut self) -> Vec<ReleaseBlock> {
        let Some(minute) = self.minute else { return Vec::new() };
        let (partner, policy) = (self.partner, self.policy);
        let mut blocks = Vec::new();
        for row in &mut self.rows {
            let (sent, held) =
                (std::mem::take(&mut row.block_sent), std::mem::take(&mut row.block_held));
            let digest = std::mem::replace(&mut row.digest, Digest([0; 32]));
            if sent + held > 0 {
                let (rule, tier) = (row.rule.clone(), row.tier.code().to_owned());
                blocks.push(ReleaseBlock {
                    partner,
                    rule,
                    tier,
                    minute,
                    sent,
                    held,
                    digest,
                    policy,
                });
            }
        }
        blocks
    }

    /// Totals since the start, by tier and rule.
    pub(crate) fn rules(&self) -> Vec<RuleCount> {
        let mut rules: Vec<_> = self
            .rows
            .iter()
            .map(|row| RuleCount {
                policy: row.rule.clone(),
                tier: row.tier,
                sent: row.sent,
                held: row.held,
                reason: row.reason.clone(),
            })
            .collect();
        rules.sort_by(|a, b| (a.tier, &a.policy).cmp(&(b.tier, &b.policy)));
        rules
    }

    /// The last releases, newest first.
    pub(crate) fn recent(&self) -> Vec<RecentRelease> {
        self.recent.iter().rev().cloned().collect()
    }

    fn row(&mut self, rule: Option<&str>, tier: Tier, reason: &Bilingual) -> &mut Row {
        let same = |row: &Row| row.tier == tier && row.rule.as_deref() == rule;
        let at = self.rows.iter().position(same).unwrap_or_else(|| {
            self.rows.push(Row {
                rule: rule.map(str::to_owned),
                tier,
                reason: reason.clone(),
                sent: 0,
                held: 0,
                block_sent: 0,
                block_held: 0,
                digest: Digest([0; 32]),
            });
            self.rows.len() - 1
        });
        &mut self.rows[at]
    }
}

fn recent(released: &Released<ObservationRelease>, highest: Tier, at: Timestamp) -> RecentRelease {
    let item = released.item();
    let name = item.identity.as_ref().and_then(|i| i.attributes.name.clone());
    RecentRelease {
        at_ms: at,
        alias: item.alias,
        name,
        tiers: Tier::ALL.into_iter().filter(|tier| *tier <= highest).collect(),
        policy: released.policy().to_owned(),
    }
}
