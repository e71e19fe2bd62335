//! Why a record of the partner was not taken: a stable code and words in both languages for each.

use renkei_model::statement::Bilingual;

use super::words::both;

/// The reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NotTaken {
    NotPartner,
    AnotherKey,
    Forged,
    TooLong,
    NotCanonical,
    ForeignOrigin,
    AnotherPartition,
    Duplicate,
    TwoUnderOneId,
    NotForUs,
    ForeignContent,
    NoAuthority,
    NoSuchVersion,
    SecondAnswer,
    Overtaken,
    SecondSignature,
    NotAgreed,
    Malformed,
    NotNewer,
    NotAsked,
    NotEndorsed,
}

/// Reason, code, English, Japanese.
type Row = (NotTaken, &'static str, &'static str, &'static str);

const TABLE: [Row; 21] = [
    (
        NotTaken::NotPartner,
        "RK-1201",
        "not from the partner on the card",
        "登録された連接先からのものではない",
    ),
    (
        NotTaken::AnotherKey,
        "RK-1202",
        "signed with a key that is not on the partner's card: exchange cards again",
        "登録された鍵と異なる鍵による署名。鍵情報の再交換を要する",
    ),
    (NotTaken::Forged, "RK-1203", "the signature does not stand", "署名を検証できない"),
    (NotTaken::TooLong, "RK-1204", "longer than a record may be", "記録の長さが上限を超える"),
    (
        NotTaken::NotCanonical,
        "RK-1205",
        "not in the one canonical spelling",
        "正規の符号化ではない",
    ),
    (
        NotTaken::ForeignOrigin,
        "RK-1206",
        "written in the name of another node",
        "他ノードの名義で作成されている",
    ),
    (
        NotTaken::AnotherPartition,
        "RK-1207",
        "from another partition: exercise and real never meet",
        "別区分の記録。演習と実事案は交わらない",
    ),
    (NotTaken::Duplicate, "RK-1208", "already held", "既に保有している"),
    (
        NotTaken::TwoUnderOneId,
        "RK-1209",
        "another record under an id that is already held",
        "保有済みの番号に別内容の記録",
    ),
    (
        NotTaken::NotForUs,
        "RK-1210",
        "its label does not release it to us: ask the partner's release officer",
        "表示上、当方への提供が認められていない。提供側の審査官に照会を要する",
    ),
    (
        NotTaken::ForeignContent,
        "RK-1211",
        "states what only another node may state",
        "他ノードのみが述べ得る内容",
    ),
    (
        NotTaken::NoAuthority,
        "RK-1212",
        "the seat has published no authority for it",
        "当該職に必要な権限が通知されていない",
    ),
    (
        NotTaken::NoSuchVersion,
        "RK-1213",
        "speaks of a version that is not held",
        "保有していない版に関するもの",
    ),
    (
        NotTaken::SecondAnswer,
        "RK-1214",
        "a second answer to one version: an answer is irrevocable",
        "同一版への二度目の回答。回答は取り消せない",
    ),
    (
        NotTaken::Overtaken,
        "RK-1215",
        "answers a version after it had moved on to a newer one",
        "新しい版に移った後の旧版への回答",
    ),
    (
        NotTaken::SecondSignature,
        "RK-1216",
        "a signature while another version of the option may still be agreed",
        "他の版が合意され得る間の署名",
    ),
    (
        NotTaken::NotAgreed,
        "RK-1217",
        "rests on an agreement that does not exist",
        "成立していない合意に基づくもの",
    ),
    (NotTaken::Malformed, "RK-1218", "a field is missing or out of range", "項目の欠落又は範囲外"),
    (NotTaken::NotNewer, "RK-1219", "older than what is held", "保有しているものより古い"),
    (NotTaken::NotAsked, "RK-1300", "countersigns what was not sent", "送っていないものへの副署"),
    (
        NotTaken::NotEndorsed,
        "RK-1301",
        "a new key that the key on the card did not endorse: exchange cards again",
        "登録された鍵による裏付けのない新しい鍵。鍵情報の再交換を要する",
    ),
];

impl NotTaken {
    /// The stable code.
    pub(super) fn code(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("RK-1200", |row| row.1)
    }

    /// Code and words for a code that was read from the ledger.
    pub(super) fn by_code(code: &str) -> Option<(&'static str, Bilingual)> {
        TABLE.iter().find(|row| row.1 == code).map(|row| (row.1, both(row.2, row.3)))
    }
}
