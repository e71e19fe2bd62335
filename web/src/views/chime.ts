// The floor's bell: two short tones for an alert, three for distress. Browsers stay silent until
// somebody has pressed something on the page, so it is switched on by hand and says whether it is on.

const TONES: Record<string, number[]> = { alert: [660, 880], distress: [880, 660, 880] };
const TONE_S = 0.16;
const VOLUME = 0.12;

let context: AudioContext | null = null;

/** Makes the bell ready; called from a press of its button. */
export function prepare(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function ring(severity: string): void {
  const tones = TONES[severity];
  if (!context || !tones) return;
  tones.forEach((frequency, i) => {
    const start = context!.currentTime + i * TONE_S;
    const tone = context!.createOscillator();
    const gain = context!.createGain();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(VOLUME, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
    tone.connect(gain).connect(context!.destination);
    tone.start(start);
    tone.stop(start + TONE_S);
  });
}
