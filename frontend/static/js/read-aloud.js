// Reads a question and its answers aloud with the device's own voice, when somebody presses the button.
const speech = window.speechSynthesis;
const button = document.querySelector("[data-listen]");
const asked = document.querySelector("[data-aloud]");
const words = button?.querySelector("span");
const listen = words?.textContent;
let queue = []; // Chrome forgets an utterance that nothing holds, and then never ends it.

// A voice that does not lie on the device would send the words to whoever made it.
function findVoice() {
  const plain = (lang) => lang.toLowerCase().replace("_", "-");
  const language = plain(asked.lang).split("-")[0];
  const fit = speech.getVoices().filter((one) => one.localService && plain(one.lang).split("-")[0] === language);
  const own = navigator.languages.map(plain);
  return fit.find((one) => own.includes(plain(one.lang))) ?? fit[0];
}

function offer() {
  button.hidden = !findVoice();
}

function stop() {
  queue = [];
  speech.cancel();
  words.textContent = listen;
}

function read() {
  const voice = findVoice();
  const labels = asked.querySelectorAll(".pick > label, .group .label");
  const texts = [asked.dataset.aloud, ...[...labels].map((label) => label.innerText.trim())];
  queue = texts.filter(Boolean).map((text) => {
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voice;
    said.lang = voice.lang; // Android is silent without it.
    said.rate = 0.9;
    return said;
  });
  queue.at(-1).onend = stop;
  words.textContent = button.dataset.stop;
  queue.forEach((said) => speech.speak(said));
}

if (speech && button && asked) {
  stop(); // What another page began does not go on here.
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  button.addEventListener("click", () => (queue.length ? stop() : read()));
  for (const leaving of ["pagehide", "submit"]) addEventListener(leaving, stop);
  document.addEventListener("visibilitychange", () => document.hidden && stop());
}
