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

  // A picture is scrolled as any box. What the script adds: its scale, moving it by hand, and where one is in it.
  const smallest = 0.2;
  const largest = 3;
  document.querySelectorAll(".picture").forEach((frame) => {
    const view = frame.querySelector(".scroll");
    const drawing = view.querySelector("svg");
    const [width, height] = ["width", "height"].map((name) => Number(drawing.getAttribute(name)));
    let scale = 1;
    let isFit = true;
    let overview = null;
    const fitting = () => Math.min(1, Math.max(0.6, (view.clientWidth - 2) / width));
    const show = () => {
      // In a low picture it would cover what it is an overview of.
      const isLarger = view.clientHeight > 240
        && (view.scrollWidth > view.clientWidth + 1 || view.scrollHeight > view.clientHeight + 1);
      if (isLarger && !overview) overview = makeOverview();
      if (!overview) return;
      overview.toggleAttribute("hidden", !isLarger);
      const seen = overview.lastElementChild;
      seen.setAttribute("x", view.scrollLeft / scale);
      seen.setAttribute("y", view.scrollTop / scale);
      seen.setAttribute("width", Math.min(width, view.clientWidth / scale));
      seen.setAttribute("height", Math.min(height, view.clientHeight / scale));
    };
    const zoom = (wanted, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
      const before = scale;
      scale = Math.min(largest, Math.max(smallest, wanted));
      drawing.style.setProperty("--width", `${width * scale}px`);
      drawing.style.setProperty("--height", `${height * scale}px`);
      view.scrollLeft = (view.scrollLeft + x) * scale / before - x;
      view.scrollTop = (view.scrollTop + y) * scale / before - y;
      show();
    };
    const makeOverview = () => {
      const make = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
      const small = make("svg");
      const least = Math.min(150 / width, 110 / height);
      small.setAttribute("class", "overview");
      small.setAttribute("aria-hidden", "true");
      small.setAttribute("viewBox", `0 0 ${width} ${height}`);
      small.setAttribute("width", width * least);
      small.setAttribute("height", height * least);
      const copy = drawing.querySelector("g").cloneNode(true);
      copy.querySelectorAll("text, title, .reach").forEach((one) => one.remove());
      const seen = make("rect");
      seen.setAttribute("class", "seen");
      small.append(copy, seen);
      const go = (event) => {
        if (!event.buttons) return;
        const box = small.getBoundingClientRect();
        view.scrollLeft = (event.clientX - box.left) / least * scale - view.clientWidth / 2;
        view.scrollTop = (event.clientY - box.top) / least * scale - view.clientHeight / 2;
      };
      small.addEventListener("pointerdown", (event) => { small.setPointerCapture(event.pointerId); go(event); });
      small.addEventListener("pointermove", go);
      small.addEventListener("click", (event) => event.stopPropagation());
      frame.append(small);
      return small;
    };
    frame.querySelector(".tools").hidden = false;
    frame.addEventListener("click", (event) => {
      const kind = event.target.dataset?.zoom;
      if (!kind) return;
      isFit = kind === "fit";
      zoom({ in: scale * 1.25, out: scale / 1.25, fit: fitting(), whole: 1 }[kind]);
    });
    view.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      isFit = false;
      const box = view.getBoundingClientRect();
      zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    view.addEventListener("scroll", show);
    // A mouse drags; a finger scrolls by itself. What is dragged is not clicked.
    let grip = null;
    let isDragged = false;
    view.addEventListener("pointerdown", (event) => {
      isDragged = false;
      if (event.pointerType === "mouse" && event.button === 0) grip = { x: event.clientX, y: event.clientY };
    });
    view.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const [across, down] = [event.clientX - grip.x, event.clientY - grip.y];
      if (!isDragged && Math.abs(across) + Math.abs(down) < 5) return;
      if (!isDragged) view.setPointerCapture(event.pointerId);
      isDragged = true;
      view.scrollLeft -= across;
      view.scrollTop -= down;
      grip = { x: event.clientX, y: event.clientY };
    });
    for (const end of ["pointerup", "pointercancel"]) view.addEventListener(end, () => { grip = null; });
    view.addEventListener("click", (event) => { if (isDragged) event.stopPropagation(); }, true);
    // It has a size only once it is shown.
    new ResizeObserver(() => {
      if (view.clientWidth && isFit) zoom(fitting());
      else show();
    }).observe(view);
  });

  // A drawing that is higher than so much of its width is cut between its rows, so that sheets are filled.
  const sheet = 0.45;
  const slices = (drawing) => {
    const rows = (drawing.dataset.rows ?? "").split(" ").filter(Boolean).map(Number);
    const width = Number(drawing.getAttribute("width"));
    const height = Number(drawing.getAttribute("height"));
    const most = sheet * Math.max(width, 700);
    if (rows.length < 2 || height <= most) return [];
    const ends = [...rows.slice(1), height];
    const cuts = [0];
    ends.forEach((end, at) => { if (end - cuts.at(-1) > most && at > 0 && rows[at] > cuts.at(-1)) cuts.push(rows[at]); });
    return cuts.map((top, at) => {
      const part = drawing.cloneNode(true);
      const high = (cuts[at + 1] ?? height) - top;
      part.setAttribute("viewBox", `0 ${top} ${width} ${high}`);
      part.setAttribute("height", high);
      part.setAttribute("class", "slice");
      return part;
    });
  };

  // Paper cannot be opened: what does not pass is. All else stays as it is, a row that says what was found.
  // Nobody reads a book of them: of more than these each is its specs and errors.
  const mostWhole = 12;
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = links.filter((link) => !link.open && link.dataset.levels.split(" ").includes("error"));
    const brief = closed.length > mostWhole;
    closed.forEach((one) => { one.open = true; one.classList.toggle("brief", brief); });
    for (const drawing of document.querySelectorAll(".picture .scroll > svg")) {
      const parts = slices(drawing);
      drawing.classList.toggle("whole", parts.length > 0);
      drawing.after(...parts);
    }
  });
  addEventListener("afterprint", () => {
    closed.forEach((one) => { one.open = false; one.classList.remove("brief"); });
    document.querySelectorAll(".slice").forEach((one) => one.remove());
  });
})();
