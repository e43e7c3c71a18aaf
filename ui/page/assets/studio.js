() => {
  if (window.samecast) return;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const state = { words: "", pair: [], focus: null, at_end: true };
  window.samecast = { words: () => state.words };

  // Where the page is stands in its address: every event carries it, and a reload comes back to it.
  const place = () => $("[data-place]")?.dataset ?? {};
  const address = (changes) => {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
    return `${location.pathname}?${query}`;
  };
  const note_place = () => {
    const { production, conversation } = place();
    const next = address({ production, conversation });
    if (production !== undefined && next !== location.pathname + location.search) history.replaceState(null, "", next);
  };
  const tab_of = (name) => $$("[role=tab]").find((tab) => tab.textContent.trim().toLowerCase() === name);
  const refresh = () => $("#refresh")?.click();
  const is_seen = (element) => element.getClientRects().length > 0;

  const toast = (message, wrong = false) => {
    const line = document.createElement("p");
    line.textContent = message;
    line.className = wrong ? "wrong" : "";
    line.setAttribute("role", wrong ? "alert" : "status");
    $("#toasts").append(line);
    setTimeout(() => line.remove(), wrong ? 9000 : 4000);
  };

  // A login that has ended ends the page, whoever asked: the clock, a button, or Gradio.
  const fetch_before = window.fetch;
  window.fetch = async (...request) => {
    const answer = await fetch_before(...request);
    if (answer.status === 401) location.assign("/login");
    return answer;
  };
  const send = async (path, body, headers = {}) => {
    const answer = await fetch(path, { method: "POST", body, headers: { "X-Samecast": "1", ...headers } });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.error || `the studio answered ${answer.status}; try again`);
    return said;
  };
  const post = (verb, order) => send(`/act/${verb}`, JSON.stringify(order), { "Content-Type": "application/json" });

  const card_of = (element) => element.closest("[data-take]");
  const here = () => ({ production_id: place().production });
  const takes_order = (from, note = "") => ({ ...here(), takes: [card_of(from).dataset.take], note });
  const job_order = (from) => ({ job_id: from.closest("[data-job]").dataset.job });
  const orders = {
    pick: (from) => takes_order(from),
    unpick: (from) => takes_order(from),
    reject: (from, note) => takes_order(from, note),
    vote: (from) => ({ ...here(), take: card_of(from).dataset.take, vote: from.dataset.vote }),
    comment: (from, text) => ({ ...here(), take: card_of(from).dataset.take, text }),
    decide: (from) => ({
      conversation_id: place().conversation,
      interrupt_id: from.closest("[data-interrupt]").dataset.interrupt,
      decision: from.dataset.decision,
    }),
    cancel: job_order,
    approve_job: job_order,
    put_aside: (from) => ({
      conversation_id: place().conversation,
      uploads: from.dataset.uploadId ? [from.dataset.uploadId] : [],
    }),
    new_conversation: here,
    new_production: (_from, name) => ({ name }),
  };
  const then = {
    new_conversation: (done) => location.assign(address({ conversation: done.conversation_id, tab: "chat" })),
    new_production: (done) => location.assign(`${location.pathname}?production=${done.production_id}`),
  };
  const act = async (from, verb, words = "") => {
    const order = orders[verb](from, words);
    const beside = $$("button", from.closest(".buttons") ?? from.parentElement);
    if (from.disabled) return;
    beside.forEach((button) => { button.disabled = true; });
    try {
      const done = await post(verb, order);
      (then[verb] ?? refresh)(done);
    } catch (error) {
      toast(error.message, true);
      refresh();
    } finally {
      beside.forEach((button) => { button.disabled = false; });
    }
  };

  // What is said goes through the agent, so that its reply says what changed.
  const say = (words) => {
    state.words = words;
    tab_of("chat")?.click();
    $("#speak")?.click();
  };

  const questions = {
    reject: { title: (from) => `What is wrong in ${card_of(from).dataset.take}?`, label: "Note (may be empty)", needed: false, again: true, limit: 300 },
    comment: { title: (from) => `Comment on ${card_of(from).dataset.take}`, label: "Comment", needed: true, limit: 2000 },
    new_production: { title: () => "New production", label: "Its name", needed: true, limit: 80 },
  };
  const ask = (from, verb) => {
    const dialog = $("#ask");
    const question = questions[verb];
    const text = $("textarea", dialog);
    $("h2", dialog).textContent = question.title(from);
    $("label.text", dialog).firstChild.textContent = question.label;
    $("label.again", dialog).hidden = !(question.again && place().role === "director");
    $("input[type=checkbox]", dialog).checked = false;
    Object.assign(text, { value: "", required: question.needed, maxLength: question.limit });
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue !== "send") return;
      const words = text.value.trim();
      if ($("input[type=checkbox]", dialog).checked) {
        say(`Reject ${card_of(from).dataset.take}${words ? `, ${words}` : ""}, again`);
      } else {
        act(from, verb, words);
      }
    };
    dialog.showModal();
    text.focus();
  };

  const set_pair = (pair) => {
    state.pair = pair;
    mark_pair();
    if (pair.length < 2) return;
    history.replaceState(null, "", address({ a: pair[0], b: pair[1], tab: "compare" }));
    state.pair = [];
    tab_of("compare")?.click();
    refresh();
  };
  const mark_pair = () => $$("[data-compare]").forEach((button) => {
    button.setAttribute("aria-pressed", String(state.pair.includes(card_of(button).dataset.take)));
  });
  const choose = (card) => {
    const slate = card.dataset.take;
    set_pair(state.pair.includes(slate) ? state.pair.filter((each) => each !== slate) : [...state.pair, slate]);
  };

  const upload = async (files) => {
    const { conversation } = place();
    if (!files.length || !conversation) return;
    const form = new FormData();
    [...files].forEach((file) => form.append("files", file));
    const sign = $("[data-uploading]");
    const show = (words) => { if (sign) { sign.textContent = words; sign.hidden = !words; } };
    show(`attaching ${files.length} …`);
    try {
      const done = await send(`/act/upload/${conversation}`, form);
      toast(`${done.uploads.length} ${done.uploads.length === 1 ? "picture" : "pictures"} attached`);
      if (done.refused.length) toast(`left out: ${done.refused.join("; ")}`, true);
    } catch (error) {
      toast(error.message, true);
    } finally {
      show("");
      refresh();
    }
  };

  const figures = () => $$("figure[data-large]").filter(is_seen);
  const show_large = (figure) => {
    const dialog = $("#light");
    dialog.figure = figure;
    dialog.classList.remove("zoomed");
    Object.assign($("img", dialog), { src: figure.dataset.large, alt: figure.dataset.take ?? figure.dataset.line });
    $("p", dialog).textContent = [figure.dataset.take, figure.dataset.line].filter(Boolean).join(": ");
    if (!dialog.open) dialog.showModal();
  };
  const step_large = (by) => {
    const all = figures();
    const at = all.indexOf($("#light").figure);
    if (at >= 0 && all[at + by]) show_large(all[at + by]);
  };

  const cards = () => $$("figure.take").filter(is_seen);
  const current = () => document.activeElement?.closest?.("figure.take");
  const focus_on = (card) => { if (card) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: "nearest" }); } };
  const move = (by) => {
    const all = cards();
    const at = all.indexOf(current());
    focus_on(at < 0 ? all[0] : all[at + by]);
  };
  const move_row = (down) => {
    const from = current();
    if (!from) return move(1);
    const box = from.getBoundingClientRect();
    const gap = (card) => { const other = card.getBoundingClientRect(); return { rows: (other.top - box.top) * (down ? 1 : -1), columns: Math.abs(other.left - box.left) }; };
    const there = cards().map((card) => ({ card, ...gap(card) })).filter((each) => each.rows > box.height / 2);
    const nearest = Math.min(...there.map((each) => each.rows));
    const row = there.filter((each) => each.rows < nearest + box.height / 2).sort((one, two) => one.columns - two.columns);
    focus_on(row[0]?.card);
  };
  const press = (selector) => { const card = current(); $(selector, card ?? undefined) && card && $(selector, card).click(); };
  const keys = {
    ArrowRight: () => move(1), ArrowLeft: () => move(-1), ArrowDown: () => move_row(true), ArrowUp: () => move_row(false),
    a: () => press("[data-act=pick], [data-act=unpick], [data-vote=pick]"), r: () => press("[data-ask=reject], [data-vote=reject]"),
    n: () => press("[data-ask=comment]"), c: () => press("[data-compare]"),
    " ": () => current() && show_large(current()), "?": () => $("#help").showModal(),
  };
  const is_typing = (element) => element.closest("input, textarea, select, [contenteditable=true]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const light = $("#light");
    if (light.open) {
      if (event.key === "z" || event.key === "Z") light.classList.toggle("zoomed");
      if (event.key === "ArrowRight") step_large(1);
      if (event.key === "ArrowLeft") step_large(-1);
      if (event.key === " ") { light.close(); event.preventDefault(); }
      return;
    }
    if ($("dialog[open]") || is_typing(event.target)) return;
    const on_button = event.target.closest("button, a, [role=tab]");
    if (on_button && (event.key === " " || event.key.startsWith("Arrow") && !current())) return;
    const shown = $("[data-board]");
    if (!shown || !is_seen(shown) || !cards().length) return;
    if (/^[1-9]$/.test(event.key)) {
      const shot = current()?.closest(".shot") ?? cards()[0].closest(".shot");
      focus_on($$("figure.take", shot ?? document).filter(is_seen)[Number(event.key) - 1]);
      return;
    }
    const does = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (does) { event.preventDefault(); does(); }
  });

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) history.replaceState(null, "", address({ tab: tab.textContent.trim().toLowerCase() }));
    const button = event.target.closest("button");
    if (button?.dataset.act) act(button, button.dataset.act);
    else if (button?.dataset.ask) ask(button, button.dataset.ask);
    else if (button && "compare" in button.dataset) choose(card_of(button));
    else if (button && "help" in button.dataset) $("#help").showModal();
    else if (button && "close" in button.dataset) button.closest("dialog").close();
    else if (event.target.matches("figure[data-large] img")) show_large(event.target.closest("figure"));
  }, true);
  document.addEventListener("change", (event) => {
    const { goto } = event.target.dataset;
    if (goto === "production") location.assign(`${location.pathname}?production=${event.target.value}`);
    if (goto === "conversation") location.assign(address({ conversation: event.target.value }));
    if ("upload" in event.target.dataset) { upload(event.target.files).then(() => { event.target.value = ""; }); }
  });
  document.addEventListener("input", (event) => {
    if ("wipe" in event.target.dataset) $(".slider")?.style.setProperty("--at", `${event.target.value}%`);
  });
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("figure.take");
    if (card) state.focus = card.dataset.take;
    else if (event.target !== document.body && !event.target.closest("dialog")) state.focus = null;
  });

  // A picture that arrives after its message makes the chat longer: who read its end stays there.
  const chat_scroll = (element) => { while (element && !(element.scrollHeight > element.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(element).overflowY))) element = element.parentElement; return element; };
  document.addEventListener("scroll", ({ target }) => {
    if (target.closest?.("#chat")) state.at_end = target.scrollHeight - target.scrollTop - target.clientHeight < 100;
  }, true);
  document.addEventListener("load", ({ target }) => {
    if (state.at_end && target.closest?.("#chat")) chat_scroll(target)?.scrollTo({ top: 1e9 });
  }, true);

  const drags_files = (event) => event.dataTransfer?.types.includes("Files") && place().conversation;
  document.addEventListener("dragover", (event) => {
    if (drags_files(event)) { event.preventDefault(); document.body.classList.add("dropping"); }
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (drags_files(event)) { event.preventDefault(); event.stopPropagation(); upload(event.dataTransfer.files); }
  }, true);

  const furniture = document.createElement("div");
  furniture.innerHTML = `<div id="toasts" aria-live="polite"></div>
    <dialog id="ask"><form method="dialog"><h2></h2><label class="text">Note<textarea style="width:100%"></textarea></label>
      <label class="again"><input type="checkbox"> Draw it again with this note</label>
      <div class="row"><button type="button" data-close>Leave it</button><button class="yes" value="send">Send</button></div></form></dialog>
    <dialog id="light"><div class="zoom"><img alt=""></div><p></p><button type="button" data-close>Close</button> <small>arrows: next, Z: zoom, space or Esc: close</small></dialog>
    <dialog id="help"><h2>Keys on the board</h2><dl><dt>arrows</dt><dd>go to another take</dd><dt>1 to 9</dt><dd>go to that take of the shot</dd>
      <dt>A</dt><dd>pick, or take a pick back</dd><dt>R</dt><dd>reject, with a note</dd><dt>N</dt><dd>comment</dd><dt>C</dt><dd>choose for A/B; the second opens the comparison</dd>
      <dt>space</dt><dd>see it large; Z zooms</dd><dt>?</dt><dd>this help</dd></dl><button type="button" data-close>Close</button></dialog>`;
  document.body.append(furniture);
  $("#ask textarea").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $("#ask form").requestSubmit($("#ask [value=send]")); }
  });

  // What is drawn anew keeps its focus and its marks.
  let planned = false;
  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      note_place();
      if (state.pair.length) mark_pair();
      const lost = document.activeElement === document.body && state.focus && !$("dialog[open]");
      if (lost) $$("figure.take").find((card) => card.dataset.take === state.focus && is_seen(card))?.focus({ preventScroll: true });
    });
  }).observe(document.body, { childList: true, subtree: true });
}
