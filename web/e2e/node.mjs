// One node of its own, for tests that need a feed, a configuration or a restart that the demo has not.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './harness.mjs';

/** A free port on loopback. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Node {
  #child = null;

  constructor(binary, home, http) {
    [this.binary, this.home, this.dir, this.http] = [binary, home, join(home, 'jpn'), http];
  }

  /** A fresh node with `toml` behind the shipped configuration, not running. */
  static async make(binary, toml) {
    const node = new Node(binary, mkdtempSync(join(tmpdir(), 'renkei-node-')), `127.0.0.1:${await freePort()}`);
    node.run('init', node.dir, '--nation', 'JPN', '--name', 'test', '--partition', 'exercise:test', '--http', node.http);
    appendFileSync(join(node.dir, 'renkei.toml'), `\n${toml}\n`);
    return node;
  }

  /** Runs a command of the binary; what it printed. */
  run(...args) {
    const { status, stdout, stderr } = spawnSync(this.binary, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`renkei ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  async start() {
    this.#child = spawn(this.binary, ['serve', '--config', join(this.dir, 'renkei.toml')], { stdio: 'ignore' });
    await until('the node to serve', () => fetch(`http://${this.http}/api/health`).then((r) => r.ok, () => false));
  }

  async stop() {
    const child = this.#child;
    if (!child) return;
    this.#child = null;
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGINT');
    await gone;
  }

  /** A one-time address that signs `person` in. */
  signIn(person, role = 'watch_officer', seat = 'watch', language = 'en') {
    return this.run('user', 'add', this.dir, '--person', person, '--role', role, '--seat', seat, '--language', language).trim();
  }

  async remove() {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Sends text to a TCP feed and closes. */
export function send(port, text) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket.on('error', reject).on('close', resolve).resume();
  });
}
