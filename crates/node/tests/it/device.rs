//! A serial line or a pipe as a feed: read as it comes, and opened again when it ended.

use std::fs::File;
use std::io::Write as _;
use std::process::Command;

use crate::harness::{Node, SHIP};

#[test]
fn a_pipe_is_read_as_it_comes_and_opened_again_when_it_ended() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let line = node.dir.join("line");
    assert!(Command::new("mkfifo").arg(&line).status().unwrap().success());
    node.configure("[[feed]]\nname = \"serial\"\nkind = \"ais\"\nfile = \"line\"\n");
    node.start();
    let write = |text: &str| {
        // Opening waits for the reader, as a device waits for nobody: a line is never lost here.
        let mut pipe = File::options().write(true).open(&line).unwrap();
        pipe.write_all(text.as_bytes()).unwrap();
        pipe
    };
    let open = write(&format!("{SHIP}\r\n"));
    node.until("the ship, while the line is open", |health| health["tracks"] == 1);
    drop(open);
    node.until("the end of the line", |_| node.log().contains("opened again"));
    let _open = write("!AIVDM,1,1,,B,36K2:g@00Bb0P5hDDAA=G0:t0001,0*5C\r\n");
    node.until("another, after the line was plugged in again", |health| health["tracks"] == 2);
}
