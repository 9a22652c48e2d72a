// The users page as one would write it by hand, without a framework: the measure of what the browser allows.
// Same data through the same gateway, same row height, rows recycled, a plain substring search.

import { pages } from "./service.js";

const ROW = 44;

const scroller = document.querySelector(".scroller");
const body = document.querySelector("tbody");
const count = document.querySelector("[data-testid=user-count]");
const search = document.querySelector("[data-testid=user-search]");

const users = [];
let shown = [];
const spacers = [document.createElement("tr"), document.createElement("tr")];
const pool = [];

function row() {
  const tr = document.createElement("tr");
  tr.dataset.testid = "user-row";
  const name = document.createElement("b");
  const email = document.createElement("span");
  const cells = Array.from({ length: 4 }, () => tr.appendChild(document.createElement("td")));
  cells[0].append(name, " ", email);
  return { tr, name, email, role: cells[1], status: cells[2], since: cells[3] };
}

function draw() {
  const visible = Math.ceil(scroller.clientHeight / ROW) + 8;
  while (pool.length < visible) pool.push(row());
  const first = Math.max(0, Math.min(Math.floor(scroller.scrollTop / ROW) - 4, shown.length - visible));
  const last = Math.min(shown.length, first + visible);
  for (let n = first; n < last; n++) {
    const user = shown[n];
    const slot = pool[n - first];
    slot.name.textContent = user.fullName;
    slot.email.textContent = user.username;
    slot.role.textContent = user.organizationRole ?? "";
    slot.status.textContent = user.status;
    slot.since.textContent = user.createdAt.slice(0, 10);
  }
  spacers[0].style.height = `${first * ROW}px`;
  spacers[1].style.height = `${(shown.length - last) * ROW}px`;
  const wanted = [spacers[0], ...pool.slice(0, last - first).map((slot) => slot.tr), spacers[1]];
  if (wanted.length !== body.children.length) body.replaceChildren(...wanted);
}

function filter() {
  const words = search.value.toLowerCase();
  shown = words === "" ? users : users.filter((user) => user.folded.includes(words));
  count.dataset.shown = shown.length;
  count.dataset.total = users.length;
  count.textContent = `${shown.length} of ${users.length} shown`;
  draw();
}

search.addEventListener("input", () => {
  scroller.scrollTop = 0;
  filter();
});
scroller.addEventListener("scroll", draw);
addEventListener("resize", draw);
for await (const page of pages()) {
  for (const user of page) users.push({ ...user, folded: `${user.fullName}\n${user.username}`.toLowerCase() });
  filter();
}
