//! The links to partners in `renkei.toml`: one `[border]` table, or several `[[border]]` tables.
//!
//! Refuses: two links with one nation, two nations that a spoken alias could not tell apart, and
//! more partners than a node has lanes for.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use renkei_model::id::{BorderAlias, Nation};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Complaint;

/// The link to one partner: one side listens, the other dials. Several links may listen on one
/// address: the certificate tells the partners apart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BorderSettings {
    /// Whose node is at the other end.
    pub(crate) partner: Nation,
    /// Listen here, or …
    #[serde(default)]
    pub(crate) listen: Option<SocketAddr>,
    /// … dial this address.
    #[serde(default)]
    pub(crate) dial: Option<SocketAddr>,
}

/// Reads one table or an array of tables.
pub(super) fn one_or_several<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<BorderSettings>, D::Error> {
    struct Tables;
    impl<'de> Visitor<'de> for Tables {
        type Value = Vec<BorderSettings>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("one [border] table or several [[border]] tables")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            BorderSettings::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(seq))
        }
    }
    deserializer.deserialize_any(Tables)
}

/// Checks the links against one another.
pub(super) fn check(own: Nation, borders: &[BorderSettings]) -> Result<(), Complaint> {
    if borders.len() > BorderAlias::LANES as usize {
        return Err((
            format!("{} borders are configured", borders.len()),
            "leave some out: a node has at most 8 partners",
        ));
    }
    let mut letters = BTreeMap::from([(own.letter(), own)]);
    for border in borders {
        let partner = border.partner;
        if partner == own {
            let mend = "name the other nation";
            return Err(("border.partner is this node's own nation".into(), mend));
        }
        match letters.insert(partner.letter(), partner) {
            Some(other) if other == partner => {
                return Err((format!("two borders name {partner}"), "leave one of them out"));
            }
            Some(other) => {
                return Err((
                    format!(
                        "{other} and {partner} begin with the same letter, as border aliases do"
                    ),
                    "leave one of them out: officers could not tell their aliases apart",
                ));
            }
            None => {}
        }
        if border.listen.is_some() == border.dial.is_some() {
            return Err((
                "the border needs exactly one of listen and dial".into(),
                "let one side listen and the other dial",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    /// What `renkei.toml` with these borders comes to.
    fn read(text: &str, expect: &Expect) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("renkei.toml");
        let base = "nation = \"JPN\"\nname = \"N\"\npartition = \"exercise:demo\"\n\
                    http = \"127.0.0.1:1\"\n";
        std::fs::write(&path, format!("{base}{text}")).unwrap();
        let answer = match crate::config::load(&path) {
            Ok(config) => config.borders.iter().fold(String::new(), |all, border| {
                all + &format!("{} {:?} {:?}\n", border.partner, border.listen, border.dial)
            }),
            Err(e) => e.to_string().replace(&dir.path().display().to_string(), "DIR"),
        };
        expect.assert_eq(&answer);
    }

    #[test]
    fn one_table_reads_as_before_and_several_may_share_an_address() {
        read("", &expect![""]);
        read(
            "[border]\npartner = \"USA\"\nlisten = \"127.0.0.1:8700\"\n",
            &expect![[r#"
                USA Some(127.0.0.1:8700) None
            "#]],
        );
        read(
            "[[border]]\npartner = \"USA\"\nlisten = \"127.0.0.1:8700\"\n\
             [[border]]\npartner = \"AUS\"\nlisten = \"127.0.0.1:8700\"\n\
             [[border]]\npartner = \"KOR\"\ndial = \"192.0.2.1:8700\"\n",
            &expect![[r#"
                USA Some(127.0.0.1:8700) None
                AUS Some(127.0.0.1:8700) None
                KOR None Some(192.0.2.1:8700)
            "#]],
        );
    }

    #[test]
    fn partners_that_could_be_taken_for_one_another_are_refused() {
        let pair = |a: &str, b: &str| {
            format!(
                "[[border]]\npartner = \"{a}\"\ndial = \"127.0.0.1:2\"\n\
                 [[border]]\npartner = \"{b}\"\ndial = \"127.0.0.1:3\"\n"
            )
        };
        read(
            &pair("USA", "USA"),
            &expect!["read `DIR/renkei.toml`: two borders name USA; leave one of them out"],
        );
        read(
            &pair("AUS", "AUT"),
            &expect![
                "read `DIR/renkei.toml`: AUS and AUT begin with the same letter, as border aliases do; leave one of them out: officers could not tell their aliases apart"
            ],
        );
        read(
            &pair("USA", "JPN"),
            &expect![
                "read `DIR/renkei.toml`: border.partner is this node's own nation; name the other nation"
            ],
        );
    }

    #[test]
    fn an_unknown_key_and_a_border_without_a_way_are_named() {
        read(
            "[[border]]\npartner = \"USA\"\nlisten = \"127.0.0.1:8700\"\ncolour = 3\n",
            &expect![
                "read `DIR/renkei.toml`: line 8: unknown field `colour`, expected one of `partner`, `listen`, `dial`; correct the line, docs/operate.md lists every key"
            ],
        );
        read(
            "[border]\npartner = \"USA\"\n",
            &expect![
                "read `DIR/renkei.toml`: the border needs exactly one of listen and dial; let one side listen and the other dial"
            ],
        );
    }
}
