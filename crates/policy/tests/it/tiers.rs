//! Which tiers of what crosses.

use renkei_model::id::Nation;

use crate::support::{NOW, alias, civil, policy, ship};

#[test]
fn civil_traffic_crosses_in_full() {
    let mut policy = policy(Nation::JPN);
    let decision = policy.release_observation(&ship(civil()), alias, Nation::USA, NOW);
    let released = decision.released.expect("released");
    assert_eq!(released.policy(), "civil-broadcast-in-full");
    assert_eq!(released.item().source.as_ref().map(|s| s.feed.0.as_str()), Some("miyako-ais"));
}
