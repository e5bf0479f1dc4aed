"use strict";
// The home page's sections, and the fields of each shape: the same for both Node peers.

const JOBS = ["job_search", "interview", "newcomer"];
const RIGHTS = ["rights", "contract"];
const RIGHTS_TOPICS = ["rights", "wages", "work_injury"];
const MOST = 3;

const SECTIONS = [
  ["jobs", "找工作", "/worker/v1/guides?category=job_search"],
  ["training", "技能培训", "/worker/v1/trainings"],
  ["guidance", "就业指导", "/worker/v1/guides"],
  ["policy", "政策查询", "/worker/v1/policies"],
  ["rights", "权益维护", "/worker/v1/policies?topic=rights"],
  ["station", "驿站服务", "/worker/v1/stations"],
];

const PAGE_FIELDS = Object.fromEntries(
  "title topic topic_name level level_name region issuer number tags audience published_at"
    .split(" ")
    .map((name) => [name, 1]),
);

const asItem = (kind, at) => (row) => ({
  kind,
  id: row._id,
  title: row.title ?? row.name,
  summary: row.summary ?? row.address,
  at: at ? row[at] : null,
});

// find(shelf, where, sort, limit) is the peer's own way of asking.
async function homeView(find) {
  const now = new Date();
  const isPublic = { published_at: { $lte: now }, visible_to: { $gt: now } };
  const guides = (category, limit) =>
    find("guides", { category }, { published_at: -1, _id: 1 }, limit);
  const policies = (topic) =>
    find("policies", { topic, ...isPublic }, { published_at: -1 }, MOST);
  const open = { sign_up_opens: { $lte: now }, sign_up_closes: { $gt: now } };
  const [jobs, trainings, guidance, news, how, what, stations] = await Promise.all([
    guides({ $in: JOBS }, MOST),
    find("trainings", open, { sign_up_opens: -1 }, MOST),
    guides({ $nin: [...JOBS, ...RIGHTS] }, MOST),
    policies({ $nin: RIGHTS_TOPICS }),
    guides({ $in: RIGHTS }, 1),
    policies({ $in: RIGHTS_TOPICS }),
    find("stations", {}, { _id: 1 }, MOST),
  ]);
  const guide = asItem("guidance", "published_at");
  const policy = asItem("policy", "published_at");
  const items = [
    jobs.map(guide),
    trainings.map(asItem("training", "starts_at")),
    guidance.map(guide),
    news.map(policy),
    [...how.map(guide), ...what.map(policy)].slice(0, MOST),
    stations.map(asItem("station", null)),
  ];
  return {
    sections: SECTIONS.map(([id, title, link], at) => ({
      id,
      title,
      link,
      items: items[at],
    })),
  };
}

function gramsOf(words) {
  const letters = [...words];
  return letters.slice(1).map((letter, at) => letters[at] + letter);
}

module.exports = { PAGE_FIELDS, homeView, gramsOf };
