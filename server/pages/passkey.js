// Lets a browser that knows passkeys sign in by one. Without it the page works as a form.
"use strict";
(() => {
  const form = document.getElementById("passkey");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  const button = form.querySelector("button");
  const problem = form.querySelector("[role=alert]");
  form.hidden = false;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => {
    let out = "";
    for (const b of new Uint8Array(buffer)) out += String.fromCharCode(b);
    return btoa(out).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  async function prove() {
    const response = await fetch("/oauth/passkey/challenge", { method: "POST", body: new URLSearchParams({ id: form.elements.id.value }) });
    if (response.status === 404) return location.reload(); // the page is over, and says so
    if (!response.ok) throw new Error(String(response.status));
    const { challenge, options } = await response.json();
    options.challenge = bytes(options.challenge);
    const credential = await navigator.credentials.get({ publicKey: options });
    const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
    form.elements.challenge.value = challenge;
    form.elements.answer.value = JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: {},
      response: {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : undefined,
      },
    });
    form.submit();
  }

  button.addEventListener("click", () => {
    button.disabled = true;
    problem.hidden = true;
    prove().catch(() => {
      problem.hidden = false; // closed by hand, no passkey here, or no network
    }).finally(() => {
      button.disabled = false;
    });
  });
})();
