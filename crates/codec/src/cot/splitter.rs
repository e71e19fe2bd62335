//! Bytes to whole `<event>…</event>` documents.
//!
//! Refuses: documents over 64 KiB, elements nested deeper than 32 or with more than 256 attributes,
//! document types (and the event that follows one). It finds where documents begin and end; whether
//! one is well formed is for [`Event::parse`](super::Event::parse) to say.

use crate::Reject;

/// The most bytes one event may have: TAK Server's own limit.
pub const EVENT_LEN_MAX: usize = 65_536;
/// The deepest nesting of elements, the event itself being 1.
pub const DEPTH_MAX: usize = crate::xml::DEPTH_MAX;
/// The most attributes of one element.
pub const ATTRIBUTES_MAX: usize = crate::xml::ATTRIBUTES_MAX;
/// Bytes without a document after which they are reported even if none follows.
const GARBAGE_REPORT_LEN: usize = 4096;

/// Where in the markup the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between elements.
    Text,
    /// After a `<`, within a tag; the quote that is open, if one is.
    Tag { quote: Option<u8> },
    /// Within `<!--…-->`, `<![CDATA[…]]>` or `<?…?>`: runs to that end.
    Until { end: &'static [u8], from: usize },
}

/// Splits a stream into documents. Keeps at most one unfinished document.
#[derive(Debug)]
pub struct Splitter {
    state: State,
    /// The document so far, from its `<event`; before that, the markup so far.
    buffer: Vec<u8>,
    /// Where in `buffer` the last `<` stands.
    token: usize,
    /// Elements open; 0 between documents.
    depth: usize,
    attributes: usize,
    /// A document type came: the next event is refused with it.
    is_tainted: bool,
    garbage: Vec<u8>,
    garbage_len: usize,
}

impl Default for Splitter {
    fn default() -> Self {
        Self {
            state: State::Text,
            buffer: Vec::new(),
            token: 0,
            depth: 0,
            attributes: 0,
            is_tainted: false,
            garbage: Vec::new(),
            garbage_len: 0,
        }
    }
}

/// What came out: a document's bytes or a refusal.
type Item = Result<Vec<u8>, Reject>;

impl Splitter {
    /// Takes the next bytes of the stream; gives the documents they complete and what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Item> {
        let mut out = Vec::new();
        for byte in bytes {
            self.step(*byte, &mut out);
        }
        out
    }

    /// Bytes kept of an unfinished document.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.buffer.len()
    }

    /// Ends the stream: a document that was begun is refused.
    pub fn finish(&mut self) -> Vec<Item> {
        let mut out = Vec::new();
        if self.depth > 0 {
            self.refuse("unfinished", "the stream ended within a CoT event", &mut out);
        }
        self.drop_markup(&mut out);
        self.report_garbage(&mut out);
        out
    }

    fn step(&mut self, byte: u8, out: &mut Vec<Item>) {
        if self.buffer.len() >= EVENT_LEN_MAX {
            let detail = format!("CoT event longer than {EVENT_LEN_MAX} bytes");
            self.refuse("too_long", &detail, out);
        }
        match self.state {
            State::Text if byte == b'<' => self.open(out),
            State::Text if self.depth > 0 => self.buffer.push(byte),
            State::Text => {
                // Blanks, and the bytes of a byte order mark.
                if !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF) {
                    self.skip(&[byte], out);
                }
            }
            State::Until { end, from } => {
                self.buffer.push(byte);
                // `<!-->` is no comment: the end may not overlap the beginning.
                if self.buffer.get(from..).unwrap_or_default().ends_with(end) {
                    self.close_aside();
                }
            }
            State::Tag { quote } => self.tag(byte, quote, out),
        }
    }

    /// A `<` in text: markup begins.
    fn open(&mut self, out: &mut Vec<Item>) {
        if self.depth == 0 {
            self.drop_markup(out);
        }
        self.token = self.buffer.len();
        self.buffer.push(b'<');
        self.attributes = 0;
        self.state = State::Tag { quote: None };
    }

    /// The next byte of a tag, or of what may yet turn out to be something else after `<`.
    fn tag(&mut self, byte: u8, quote: Option<u8>, out: &mut Vec<Item>) {
        if byte == b'<' {
            // XML allows no `<` within a tag: what came was cut short, and this may be a new start.
            self.lose("a tag was cut short", out);
            self.open(out);
            return;
        }
        self.buffer.push(byte);
        match quote {
            Some(open) if byte == open => self.state = State::Tag { quote: None },
            Some(_) => {}
            None => self.unquoted(byte, out),
        }
    }

    fn unquoted(&mut self, byte: u8, out: &mut Vec<Item>) {
        let from = self.buffer.len();
        match self.buffer.get(self.token..).unwrap_or_default() {
            b"<!--" => self.state = State::Until { end: b"-->", from },
            b"<![CDATA[" => self.state = State::Until { end: b"]]>", from },
            b"<?" => self.processing(out),
            [b'<', b'!', rest @ ..]
                if !b"--".starts_with(rest) && !b"[CDATA[".starts_with(rest) =>
            {
                self.is_tainted = true;
                self.lose_as("doctype", "a document type or entity came; send none", out);
            }
            [b'<', b'!', ..] => {}
            [b'<', first]
                if !(first.is_ascii_alphabetic() || matches!(first, b'_' | b'/' | b':')) =>
            {
                self.lose("`<` is followed by no name", out);
            }
            _ => match byte {
                b'"' | b'\'' => self.state = State::Tag { quote: Some(byte) },
                b'=' => {
                    self.attributes += 1;
                    if self.attributes > ATTRIBUTES_MAX {
                        let detail =
                            format!("an element has more than {ATTRIBUTES_MAX} attributes");
                        self.lose_as("attributes", &detail, out);
                    }
                }
                b'>' => self.close(out),
                _ => {}
            },
        }
    }

    /// `<?`: CoT has no processing instructions but the XML declaration before a document, so that
    /// within one it says that the document was cut short.
    fn processing(&mut self, out: &mut Vec<Item>) {
        if self.depth > 0 {
            self.buffer.truncate(self.token);
            self.lose("another document began", out);
            self.open(out);
            self.buffer.push(b'?');
        }
        self.state = State::Until { end: b"?>", from: self.buffer.len() };
    }

    /// A comment, CDATA section or processing instruction has ended.
    fn close_aside(&mut self) {
        self.state = State::Text;
        if self.depth == 0 {
            self.buffer.clear();
        }
    }

    /// A tag has ended.
    fn close(&mut self, out: &mut Vec<Item>) {
        self.state = State::Text;
        let token = self.buffer.get(self.token..).unwrap_or_default();
        let is_event = is_named_event(token);
        let is_empty = token.ends_with(b"/>");
        if token.starts_with(b"</") {
            if is_event && self.depth > 0 {
                self.complete(out);
            } else if self.depth > 1 {
                self.depth -= 1;
            } else {
                self.lose("an end tag ends nothing", out);
            }
            return;
        }
        if is_event && self.depth > 0 {
            // No event stands within another: the one before was cut short.
            let begun = self.buffer.split_off(self.token);
            self.lose("another event began", out);
            self.buffer = begun;
            self.token = 0;
        }
        match (self.depth, is_event, is_empty) {
            (0, false, _) => self.lose("an element stands outside an event", out),
            (0, true, true) => self.complete(out),
            (_, _, true) => {}
            _ => self.depth += 1,
        }
        if self.depth > DEPTH_MAX {
            let detail = format!("elements are nested deeper than {DEPTH_MAX}");
            self.refuse("too_deep", &detail, out);
        }
    }

    /// The document in the buffer is whole.
    fn complete(&mut self, out: &mut Vec<Item>) {
        self.report_garbage(out);
        let document = std::mem::take(&mut self.buffer);
        self.depth = 0;
        if std::mem::take(&mut self.is_tainted) {
            let detail = "the event follows a document type; send none";
            out.push(Err(Reject::new("doctype", detail, &document)));
        } else {
            out.push(Ok(document));
        }
    }

    fn lose(&mut self, detail: &str, out: &mut Vec<Item>) {
        self.lose_as("unfinished", detail, out);
    }

    /// Gives up what is in the buffer: a refused document, or garbage between documents.
    fn lose_as(&mut self, reason: &'static str, detail: &str, out: &mut Vec<Item>) {
        if self.depth > 0 || reason != "unfinished" {
            self.refuse(reason, detail, out);
        } else {
            self.drop_markup(out);
        }
    }

    fn refuse(&mut self, reason: &'static str, detail: &str, out: &mut Vec<Item>) {
        self.report_garbage(out);
        out.push(Err(Reject::new(reason, detail, &self.buffer)));
        self.buffer.clear();
        self.depth = 0;
        self.state = State::Text;
    }

    /// Markup between documents that became no event is garbage.
    fn drop_markup(&mut self, out: &mut Vec<Item>) {
        let markup = std::mem::take(&mut self.buffer);
        self.state = State::Text;
        self.skip(&markup, out);
    }

    fn skip(&mut self, bytes: &[u8], out: &mut Vec<Item>) {
        let room = Reject::SAMPLE_LEN_MAX.saturating_sub(self.garbage.len());
        self.garbage.extend(bytes.iter().take(room));
        self.garbage_len += bytes.len();
        if self.garbage_len >= GARBAGE_REPORT_LEN {
            self.report_garbage(out);
        }
    }

    /// One refusal for each run of bytes between documents.
    fn report_garbage(&mut self, out: &mut Vec<Item>) {
        if self.garbage_len > 0 {
            let detail =
                format!("{} bytes between CoT events; is it an XML stream?", self.garbage_len);
            out.push(Err(Reject::new("garbage", detail, &self.garbage)));
            self.garbage.clear();
            self.garbage_len = 0;
        }
    }
}

/// True for the start, end or empty tag of an element named `event`.
fn is_named_event(tag: &[u8]) -> bool {
    let name = tag.strip_prefix(b"</").or_else(|| tag.strip_prefix(b"<")).unwrap_or_default();
    let rest = name.strip_prefix(b"event");
    rest.and_then(<[u8]>::first)
        .is_some_and(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/'))
}
