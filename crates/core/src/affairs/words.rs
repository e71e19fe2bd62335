//! The node's own words in the watch log and in refusals, both languages side by side. An ally is
//! 米側, 日本側 or 豪側.

use renkei_model::id::Nation;
use renkei_model::statement::{Answer, Bilingual, OptionVersion, Verdict};

use super::option::Opt;

/// A line of the log: who, and what.
pub(super) type Said = (String, Bilingual);

pub(super) fn both(en: impl Into<String>, ja: impl Into<String>) -> Bilingual {
    Bilingual { en: en.into(), ja: ja.into() }
}

/// A nation's side, as the subject of a sentence.
pub(super) fn side(nation: Nation) -> Bilingual {
    match nation {
        Nation::JPN => both("The Japanese side", "日本側"),
        Nation::USA => both("The US side", "米側"),
        Nation::AUS => both("The Australian side", "豪側"),
        other => both(format!("The {other} side"), format!("{other}側")),
    }
}

/// The same inside a sentence.
pub(super) fn of_side(nation: Nation) -> Bilingual {
    let Bilingual { en, ja } = side(nation);
    both(format!("t{}", en.get(1..).unwrap_or_default()), ja)
}

pub(super) fn offered(version: &OptionVersion) -> Bilingual {
    let (side, n) = (side(version.author.nation), version.number);
    both(
        format!("{} offered version {n} of an option.", side.en),
        format!("{}が対応案第{n}版を提案した。", side.ja),
    )
}

pub(super) fn answered(option: &Opt, answer: &Answer) -> Said {
    let version = option.versions.get(&answer.version).map(|v| &v.version);
    let n = version.map_or(0, |v| v.number);
    // A side approves what it wrote, and concurs with what the other wrote.
    let own = version.is_some_and(|v| v.author.nation == answer.by.nation);
    let Bilingual { en, ja } = side(answer.by.nation);
    let text = match &answer.verdict {
        Verdict::Agree if own => {
            both(format!("{en} approved version {n}."), format!("{ja}は第{n}版を承認した。"))
        }
        Verdict::Agree => {
            both(format!("{en} concurred with version {n}."), format!("{ja}は第{n}版に同意した。"))
        }
        Verdict::AgreeWithCaveat { .. } => both(
            format!("{en} agreed to version {n} with a caveat."),
            format!("{ja}は第{n}版に条件付で同意した。"),
        ),
        Verdict::ReferredUp { to } => both(
            format!("{en} referred version {n} up to {}.", to.0),
            format!("{ja}は第{n}版を{}へ上申した。", to.0),
        ),
        Verdict::Decline { .. } => both(
            format!("{en} does not agree to version {n}."),
            format!("{ja}は第{n}版に不同意とした。"),
        ),
        Verdict::Lapsed => both(
            format!("{en} gave no answer to version {n} by its deadline."),
            format!("{ja}は第{n}版に期限内回答なし。"),
        ),
    };
    (answer.by.person.clone(), text)
}

pub(super) fn agreed() -> Said {
    let text = both(
        "Both signatures are held under one text: agreed.",
        "同一文面に双方の署名がそろい、合意した。",
    );
    (String::new(), text)
}

pub(super) fn tasked(nation: Nation) -> Said {
    let Bilingual { en, ja } = side(nation);
    let text = both(
        format!("{en} tasked its own forces through its own chain of command."),
        format!("{ja}は自国の指揮系統により任務を付与した。"),
    );
    (String::new(), text)
}

pub(super) fn paired(nation: Nation) -> Said {
    let Bilingual { en, ja } = of_side(nation);
    let text =
        both(format!("Joined with the incident of {en}."), format!("{ja}の事案と対応付けた。"));
    (String::new(), text)
}

pub(super) fn acknowledged() -> Bilingual {
    both("Acknowledged.", "受領確認した。")
}

pub(super) fn closed() -> Bilingual {
    both("Closed.", "事案を終結した。")
}

pub(super) fn drafted(number: u32) -> Bilingual {
    both(
        format!("Drafted version {number} of an option."),
        format!("対応案第{number}版を起案した。"),
    )
}

pub(super) fn own_sensors() -> Bilingual {
    both("Own sensors report the same.", "自らの情報資料でも同じ事象を確認した。")
}

/// The partner took back what it had told.
pub(super) fn recalled(by: Nation) -> Said {
    let Bilingual { en, ja } = side(by);
    (
        String::new(),
        both(
            format!("{en} recalled what it had released of this incident."),
            format!("{ja}は本事案に係る提供を取り消した（回収）。"),
        ),
    )
}

pub(super) fn recalled_because(reason: &str) -> Bilingual {
    let reason = reason.trim();
    both(format!("Recalled what was released: {reason}"), format!("提供取消・回収：{reason}"))
}

pub(super) fn relabelled_because(reason: &str) -> Bilingual {
    let reason = reason.trim();
    both(format!("Changed the label: {reason}"), format!("表示の変更：{reason}"))
}
