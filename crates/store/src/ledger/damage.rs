//! What can be wrong with a ledger's files, where, and in which words.

use std::fmt;
use std::path::PathBuf;

use renkei_model::statement::{Bilingual, Language};

/// One thing that is wrong, named so that a person can go and look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// Byte offset in it.
    pub offset: u64,
    /// The record it is about, or the one expected at that place; `None` for a file without any.
    pub seq: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

impl Damage {
    /// One line in both languages: file, offset, record, what is wrong.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        let (file, offset) = (self.file.display(), self.offset);
        let Bilingual { en, ja } = self.fault.text();
        match self.seq {
            Some(seq) => Bilingual {
                en: format!("`{file}`, byte {offset}, record {seq}: {en}"),
                ja: format!("`{file}` {offset}バイト目 記録{seq}：{ja}"),
            },
            None => Bilingual {
                en: format!("`{file}`, byte {offset}: {en}"),
                ja: format!("`{file}` {offset}バイト目：{ja}"),
            },
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

/// The text in one language.
#[must_use]
pub(super) fn in_language(text: &Bilingual, language: Language) -> &str {
    match language {
        Language::En => &text.en,
        Language::Ja => &text.ja,
    }
}

/// The kinds of damage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The operating system could not read the file.
    Unreadable(String),
    /// A segment file is missing from the row.
    SegmentMissing,
    /// A file that does not belong here.
    Stranger,
    /// The head of a segment does not check.
    SegmentHead,
    /// The head of a segment names another segment or another place in the row.
    SegmentOrder,
    /// The tree edge in a segment's head is not that of the records before it.
    SegmentTree,
    /// The head of a batch does not check.
    BatchHead,
    /// The checksum over a whole batch does not match though each record's does.
    BatchChecksum {
        /// Its first record.
        first: u64,
        /// Number of records.
        count: u32,
    },
    /// The file ends inside a batch.
    Torn {
        /// Bytes after the last whole batch.
        bytes: u64,
    },
    /// A record's length does not fit into its batch.
    RecordLength,
    /// A record's checksum does not match.
    RecordChecksum,
    /// A record has flags that this version does not know.
    RecordFlags,
    /// A record of a version that this build does not read.
    RecordVersion(u16),
    /// A header that is not canonical CBOR of a header.
    HeaderSpelling(String),
    /// The sequence has a gap or a repeat.
    Sequence {
        /// What should come.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// Salt and body do not hash to what the header promised.
    Commitment,
    /// An order of destruction that cannot be read, or that no two persons and the key stand behind.
    Destruction,
    /// A body that was ordered destroyed and is still there.
    StillThere,
    /// A body is missing although this is not an export that left it out.
    BodyMissing,
    /// A record of another partition.
    Partition(String),
    /// A record under a key that was not in force.
    Key,
    /// A key notice that cannot be read.
    NoticeSpelling,
    /// A key notice whose signatures do not hold.
    NoticeSignature,
    /// A cursor list that cannot be read.
    Cursors,
    /// A checkpoint that cannot be read.
    CheckpointSpelling,
    /// A checkpoint whose signature does not hold.
    CheckpointSignature,
    /// A checkpoint for another size or another root than the records have.
    CheckpointRoot,
    /// The mark of what was acknowledged is damaged.
    MarkDamaged,
    /// One of the mark's two slots is damaged.
    MarkHalf,
    /// The mark of what was acknowledged is missing.
    MarkMissing,
    /// Records that were acknowledged are not there.
    Missing {
        /// The files end before this record.
        present: u64,
        /// Records up to before this one were acknowledged or promised by the export.
        promised: u64,
    },
    /// The `FORMAT` file is missing.
    FormatMissing,
    /// The `FORMAT` file names a newer format.
    FormatNewer(u32),
    /// The `FORMAT` file names no format of ours.
    FormatUnknown,
    /// The export's list of contents is damaged.
    ManifestDamaged,
    /// The export's list of contents names a key that did not sign its notice.
    ManifestKey,
    /// The export's list of contents names fewer records than the files hold.
    ManifestLength,
    /// The export's list of contents names another ledger.
    ManifestOrigin,
}

impl Fault {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        let (en, ja) = self.words();
        Bilingual { en, ja }
    }

    fn words(&self) -> (String, String) {
        match self {
            Self::Unreadable(why) => {
                (format!("cannot be read: {why}"), format!("読み取り不能：{why}"))
            }
            Self::RecordVersion(version) => (
                format!("record version {version} is not known to this build"),
                format!("記録の版{version}はこのソフトでは扱えない"),
            ),
            Self::HeaderSpelling(why) => (
                format!("the header is not a canonical one ({why})"),
                format!("ヘッダーが正準形でない（{why}）"),
            ),
            Self::Partition(other) => (
                format!("belongs to partition `{other}`"),
                format!("別区画「{other}」の記録が混入"),
            ),
            Self::FormatNewer(found) => (
                format!("the file names format {found}, newer than this build knows"),
                format!("新しい形式{found}を示す（このソフトでは扱えない）"),
            ),
            Self::BatchChecksum { .. }
            | Self::Torn { .. }
            | Self::Sequence { .. }
            | Self::Missing { .. } => self.counted_words(),
            _ => {
                let (en, ja) = self.file_words().unwrap_or_else(|| self.record_words());
                (en.into(), ja.into())
            }
        }
    }

    fn counted_words(&self) -> (String, String) {
        match self {
            Self::BatchChecksum { first, count } => {
                let last = first + u64::from(*count) - 1;
                (
                    format!("the checksum over records {first} to {last} does not match"),
                    format!("記録{first}～{last}のまとまりの検査値が不一致"),
                )
            }
            Self::Torn { bytes } => (
                format!("the file ends inside a batch ({bytes} bytes of it are there)"),
                format!("まとまりの途中でファイルが終わる（{bytes}バイトまで）"),
            ),
            Self::Sequence { expected, found } => (
                format!("record {expected} should come here, record {found} came"),
                format!("記録{expected}の位置に記録{found}がある"),
            ),
            Self::Missing { present, promised } => (
                format!(
                    "{} acknowledged records are missing: the files hold records up to before {present}, {promised} were promised",
                    promised - present
                ),
                format!(
                    "受領確認済みの記録{}件が欠落：約束された{promised}件に対し{present}件目の手前までしかない",
                    promised - present
                ),
            ),
            _ => Default::default(),
        }
    }

    /// About files as a whole.
    fn file_words(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::SegmentMissing => ("the segment file is missing", "区分ファイルが欠落"),
            Self::Stranger => ("a file that does not belong here", "ここにあるべきでないファイル"),
            Self::SegmentHead => ("the segment's head is damaged", "区分ファイルの先頭部が破損"),
            Self::SegmentOrder => {
                ("the segment does not follow the one before it", "区分ファイルの並びが不連続")
            }
            Self::SegmentTree => (
                "the tree edge in the segment's head is not that of the records before it",
                "区分ファイル先頭のハッシュ木が、それ以前の記録と不一致",
            ),
            Self::MarkDamaged => {
                ("the mark of what was acknowledged is damaged", "受領確認済み標識が破損")
            }
            Self::MarkHalf => (
                "one slot of the mark of what was acknowledged is damaged",
                "受領確認済み標識の片方が破損",
            ),
            Self::MarkMissing => {
                ("the mark of what was acknowledged is missing", "受領確認済み標識が欠落")
            }
            Self::FormatMissing => ("the file is missing", "ファイルが欠落"),
            Self::FormatUnknown => ("the file names no format of Renkei", "形式の表示が不正"),
            Self::ManifestDamaged => ("the list of contents is damaged", "内容一覧が破損"),
            Self::ManifestKey => (
                "the list of contents names a key that did not sign its notice",
                "内容一覧の鍵通知の署名が無効",
            ),
            Self::ManifestLength => (
                "the list of contents names fewer records than the files hold",
                "内容一覧の記録数がファイルの内容より少ない",
            ),
            Self::ManifestOrigin => {
                ("the list of contents names another ledger", "内容一覧が別の台帳を示す")
            }
            _ => return None,
        })
    }

    /// About one batch or record.
    fn record_words(&self) -> (&'static str, &'static str) {
        match self {
            Self::BatchHead => ("the batch's head is damaged", "まとまりの先頭部が破損"),
            Self::RecordLength => {
                ("the record's length does not fit its batch", "記録の長さがまとまりに収まらない")
            }
            Self::RecordChecksum => {
                ("the record's checksum does not match its bytes", "記録の検査値が不一致")
            }
            Self::RecordFlags => ("the record has unknown flags", "記録に未知の標識"),
            Self::Commitment => (
                "salt and body do not hash to what the header promised",
                "本文のハッシュ値がヘッダーの約束と不一致",
            ),
            Self::BodyMissing => (
                "the record's body is missing and no order of destruction names it",
                "記録の本文が欠落（廃棄の記録なし）",
            ),
            Self::Destruction => (
                "the order of destruction cannot be read or is not signed for two persons",
                "廃棄の記録が読み取り不能、又は二名の署名を欠く",
            ),
            Self::StillThere => (
                "the body was ordered destroyed and is still there: start the node once",
                "廃棄とされた本文が残存（ノードを一度起動すること）",
            ),
            Self::Key => ("written under a key that was not in force", "有効でない鍵による記録"),
            Self::NoticeSpelling => ("the key notice cannot be read", "鍵通知が読み取り不能"),
            Self::NoticeSignature => {
                ("a signature of the key notice does not hold", "鍵通知の署名が無効")
            }
            Self::Cursors => ("the cursor list cannot be read", "受信位置の一覧が読み取り不能"),
            Self::CheckpointSpelling => ("the checkpoint cannot be read", "検査点が読み取り不能"),
            Self::CheckpointSignature => {
                ("the checkpoint's signature does not hold", "検査点の署名が無効")
            }
            Self::CheckpointRoot => (
                "the signed checkpoint does not agree with the records before it",
                "署名済み検査点が、それ以前の記録と不一致",
            ),
            _ => Default::default(),
        }
    }
}
