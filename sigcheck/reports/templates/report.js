"use strict";
(() => {
  const links = [...document.querySelectorAll("details.link")];
  const form = document.getElementById("filters");
  if (form) {
    const needle = document.getElementById("needle");
    const rule = document.getElementById("rule");
    const level = document.getElementById("level");
    const boxes = [...form.querySelectorAll("[name=verdict]")];
    const chips = [...document.querySelectorAll("button.chip")];
    const findings = [...document.querySelectorAll(".finding[data-level]")];
    const shown = document.getElementById("shown");
    const expand = document.getElementById("expand");
    const texts = links.map((link) => `${link.querySelector(".link-name").textContent} ${link.dataset.needle}`.toLowerCase());
    const filter = () => {
      const words = needle.value.toLowerCase().split(/\s+/).filter(Boolean);
      const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      const only = level ? level.value : "";
      let count = 0;
      links.forEach((link, at) => {
        const fits = verdicts.has(link.dataset.verdict)
          && (!only || link.dataset.levels.split(" ").includes(only))
          && (!rule || !rule.value || link.dataset.rules.split(" ").includes(rule.value))
          && words.every((word) => texts[at].includes(word));
        link.hidden = !fits;
        count += fits;
      });
      findings.forEach((one) => { one.hidden = Boolean(only) && one.dataset.level !== only; });
      chips.forEach((chip) => {
        const isOn = chip.dataset.onlyLevel
          ? chip.dataset.onlyLevel === only
          : boxes.length > 1 && verdicts.size === 1 && verdicts.has(chip.dataset.onlyVerdict);
        chip.setAttribute("aria-pressed", isOn);
      });
      shown.textContent = `${count} of ${links.length} links shown`;
    };
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    // A chip shows what it counts alone; once more, all again.
    chips.forEach((chip) => chip.addEventListener("click", () => {
      const isOn = chip.getAttribute("aria-pressed") === "true";
      if (chip.dataset.onlyLevel) level.value = isOn ? "" : chip.dataset.onlyLevel;
      else boxes.forEach((box) => { box.checked = isOn || box.value === chip.dataset.onlyVerdict; });
      filter();
    }));
    expand.addEventListener("click", () => {
      const visible = links.filter((link) => !link.hidden);
      const open = !visible.every((link) => link.open);
      visible.forEach((link) => { link.open = open; });
      expand.textContent = open ? "Close all" : "Open all";
    });
  }

  // A place that is named in the address is shown, whatever is closed or filtered out around it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let one = target; one; one = one.parentElement) {
      one.hidden = false;
      if (one instanceof HTMLDetailsElement) one.open = true;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) throw new Error("the browser allows no copying");
    }
  };
  document.addEventListener("click", async (event) => {
    const wire = event.target.closest(".wire[data-link]");
    if (wire) {
      const hash = `#link-${wire.dataset.link}`;
      if (location.hash === hash) reveal();
      else location.hash = hash;
    }
    const button = event.target.closest("button.copy, button.cure");
    if (!button) return;
    const source = button.dataset.copy === undefined ? button.parentElement.querySelector("pre") : null;
    button.dataset.name ??= button.textContent;
    try {
      await copy(source ? source.textContent : button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      if (source) getSelection().selectAllChildren(source);
      button.textContent = source ? "Selected: copy it by key" : "Not copied: the browser allows none";
    }
    setTimeout(() => { button.textContent = button.dataset.name; }, 2000);
  });

  // Paper cannot be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((one) => { one.open = false; }));
})();
