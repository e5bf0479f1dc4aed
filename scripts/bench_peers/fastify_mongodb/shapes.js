"use strict";
// What the Fastify peer takes and sends, as JSON schemas: it validates and writes by them.

const text = { type: "string" };
const maybe = { type: ["string", "null"] };
const moment = { type: "string", format: "date-time" };
const texts = { type: "array", items: text };
const object = (properties) => ({ type: "object", properties });

const item = {
  id: text,
  title: text,
  topic: text,
  topic_name: text,
  level: text,
  level_name: text,
  region: text,
  issuer: text,
  number: text,
  tags: texts,
  audience: texts,
  published_at: moment,
};
const anything = { type: "object", additionalProperties: true };
const policy = object({
  ...item,
  edition_id: text,
  summary: text,
  html: text,
  effective_from: text,
  effective_to: maybe,
  valid_to: maybe,
  benefit: { anyOf: [anything, { type: "null" }] },
  has_rule: { type: "boolean" },
  attachments: { type: "array", items: anything },
  replaced_by: maybe,
});
const page = object({ items: { type: "array", items: object(item) }, next: maybe });
const line = object({
  kind: text,
  id: text,
  title: text,
  summary: text,
  at: { anyOf: [moment, { type: "null" }] },
});
const section = object({
  id: text,
  title: text,
  link: text,
  items: { type: "array", items: line },
});
const home = object({ sections: { type: "array", items: section } });
const worker = object({
  id: text,
  nickname: maybe,
  name: maybe,
  phone: maybe,
  unit_id: maybe,
  joined_at: moment,
});
const booking = object({
  id: text,
  state: text,
  station_id: text,
  station_name: text,
  service: text,
  slot_id: text,
  start: moment,
  end: moment,
  made_at: moment,
});

const paging = {
  cursor: { type: "string", format: "date-time" },
  limit: { type: "integer", minimum: 1, maximum: 50, default: 20 },
};
const listQuery = {
  type: "object",
  required: ["topic", "region"],
  properties: { topic: text, region: { type: "string", pattern: "^[0-9]{6}$" }, ...paging },
};
const searchQuery = {
  type: "object",
  required: ["q"],
  properties: { q: { type: "string", minLength: 2, maxLength: 100 }, ...paging },
};
const bookingRequest = {
  type: "object",
  required: ["slot_id"],
  additionalProperties: false,
  properties: { slot_id: { type: "string", pattern: "^[a-z0-9_-]{1,80}$" } },
};

module.exports = {
  policy: { response: { 200: policy } },
  list: { querystring: listQuery, response: { 200: page } },
  search: { querystring: searchQuery, response: { 200: page } },
  home: { response: { 200: home } },
  me: { response: { 200: worker } },
  book: { body: bookingRequest, response: { 201: booking } },
};
