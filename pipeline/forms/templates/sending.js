"use strict";
// Sending a finished response to the address that the form was made with. The identity of the
// response makes a second sending harmless: whoever takes it knows it again by its id.
const sending = (() => {
  const WAITS = [0, 2, 5, 10]; // seconds before each try
  const PATIENCE = 20; // seconds that one try may take

  function pause(seconds) {
    return new Promise((done) => setTimeout(done, seconds * 1000));
  }
  async function post(address, body) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), PATIENCE * 1000);
    try {
      return await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        credentials: "omit",
        referrerPolicy: "no-referrer",
        body,
        signal: stop.signal,
      });
    } catch {
      return null; // no network, or nobody there
    } finally {
      clearTimeout(limit);
    }
  }
  // Resolves to "sent", "unsent" (worth another try) or the status with which it was refused.
  async function send(address, response, waiting) {
    const body = JSON.stringify(response);
    for (const seconds of WAITS) {
      if (seconds) waiting(seconds);
      await pause(seconds);
      const answer = await post(address, body);
      if (answer && answer.ok) return "sent";
      const passing = !answer || answer.status >= 500 || [408, 429].includes(answer.status);
      if (!passing) return answer.status;
    }
    return "unsent";
  }
  return { send };
})();
