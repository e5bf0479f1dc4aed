"use strict";
// The inn's most wanted doors on Express and Mongoose (lean).
// node server.js, with PORT, PROCESSES, MONGODB_URI, MONGODB_DATABASE, REDIS_URL.

const { randomBytes } = require("node:crypto");
const express = require("express");
const mongoose = require("mongoose");
const Redis = require("ioredis");
const { taking, givingBack, bookingOf } = require("../bookings.js");
const { PAGE_FIELDS, homeView, gramsOf } = require("../home.js");
const run = require("../processes.js");

const { Schema } = mongoose;
const text = { type: String, required: true };
const moment = { type: Date, required: true };
const kept = (name, fields) =>
  mongoose.model(
    name,
    new Schema({ _id: String, ...fields }, { collection: name, versionKey: false }),
  );

const Policy = kept("policies", {
  edition_id: text,
  title: text,
  number: text,
  issuer: text,
  topic: text,
  topic_name: text,
  level: text,
  level_name: text,
  region: text,
  tags: [String],
  audience: [String],
  summary: text,
  html: text,
  effective_from: text,
  effective_to: String,
  published_at: moment,
  visible_to: moment,
  valid_to: String,
  benefit: Schema.Types.Mixed,
  has_rule: Boolean,
  attachments: [Schema.Types.Mixed],
  replaced_by: String,
  grams: [String],
});
const Guide = kept("guides", {
  title: text,
  summary: text,
  category: text,
  published_at: moment,
});
const Training = kept("trainings", {
  title: text,
  summary: text,
  starts_at: moment,
  sign_up_opens: moment,
  sign_up_closes: moment,
});
const Station = kept("stations", { name: text, address: text });
const Worker = kept("workers", {
  nickname: String,
  name: String,
  phone: String,
  unit_id: String,
  joined_at: moment,
});
const Slot = kept("slots", {
  station_id: text,
  station_name: text,
  service: text,
  day: text,
  start: moment,
  end: moment,
  ports: Number,
  left: Number,
  holders: [{ _id: false, worker_id: String, booking_id: String }],
});
const Booking = kept("bookings", {
  worker_id: text,
  day: text,
  state: text,
  station_id: text,
  station_name: text,
  service: text,
  slot_id: text,
  start: moment,
  end: moment,
  made_at: moment,
});
const Happening = kept("events", {
  kind: text,
  at: moment,
  data: Schema.Types.Mixed,
});

const SHELVES = { policies: Policy, guides: Guide, trainings: Training, stations: Station };
const BRIEF = "title summary published_at starts_at name address";
const SLOT_ID = /^[a-z0-9_-]{1,80}$/;

class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
  }
}

function numberOf(value) {
  const limit = value === undefined ? 20 : Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > 50) throw new Refused(422, "limit");
  return limit;
}

async function page(where, query) {
  const limit = numberOf(query.limit);
  const now = new Date();
  const last = query.cursor === undefined ? now : new Date(query.cursor);
  if (Number.isNaN(last.getTime())) throw new Refused(422, "cursor");
  const until = query.cursor === undefined ? { $lte: last } : { $lt: last };
  const found = await Policy.find(
    { ...where, published_at: until, visible_to: { $gt: now } },
    PAGE_FIELDS,
  )
    .sort({ published_at: -1 })
    .limit(limit + 1)
    .lean();
  const shown = found.slice(0, limit);
  return {
    items: shown.map(({ _id, ...rest }) => ({ id: _id, ...rest })),
    next: found.length > limit ? shown[limit - 1].published_at.toISOString() : null,
  };
}

// The guarded update of the slot, which everybody wants, writes down who holds the
// port and waits in no transaction; booking and event are this worker's alone.
async function book(workerId, slotId) {
  const letters = randomBytes(12).toString("hex");
  const booking = await take(slotId, workerId, `booking_${letters}`);
  const told = { _id: `event_${letters}`, kind: "BookingMade" };
  const session = await mongoose.startSession();
  try {
    await session.withTransaction(async () => {
      await Booking.create([booking], { session });
      await Happening.create([{ ...told, at: booking.made_at, data: booking }], {
        session,
      });
    });
    return booking;
  } catch (problem) {
    if (problem.code !== 11000) throw problem;
    await giveBack(slotId, booking._id);
    throw new Refused(409, "already_booked_that_day");
  } finally {
    await session.endSession();
  }
}

async function take(slotId, workerId, bookingId) {
  const slot = await Slot.findOneAndUpdate(...taking(slotId, workerId, bookingId)).lean();
  if (slot === null) throw new Refused(409, "slot_full");
  return bookingOf(slot, workerId, bookingId);
}

async function giveBack(slotId, bookingId) {
  await Slot.updateOne(...givingBack(slotId, bookingId));
}

async function serve() {
  await mongoose.connect(process.env.MONGODB_URI, {
    dbName: process.env.MONGODB_DATABASE,
    autoIndex: false,
    autoCreate: false,
  });
  const redis = new Redis(process.env.REDIS_URL);
  const app = express();
  app.disable("x-powered-by");

  const signedIn = async (req, res, next) => {
    const [scheme, token] = (req.get("authorization") ?? "").split(" ");
    const found = scheme === "Bearer" ? await redis.get(`session:${token}`) : null;
    if (found === null) throw new Refused(401, "not_signed_in");
    req.workerId = found;
    next();
  };

  app.get("/worker/v1/policies/:id", async (req, res) => {
    const now = new Date();
    const found = await Policy.findOne(
      { _id: req.params.id, published_at: { $lte: now }, visible_to: { $gt: now } },
      { grams: 0, visible_to: 0 },
    ).lean();
    if (found === null) throw new Refused(404, "no_such_policy");
    const { _id, ...rest } = found;
    res.json({ id: _id, ...rest });
  });
  app.get("/worker/v1/policies", async (req, res) => {
    const { topic, region } = req.query;
    if (typeof topic !== "string" || !/^[0-9]{6}$/.test(region))
      throw new Refused(422, "query");
    res.json(await page({ topic, region }, req.query));
  });
  app.get("/worker/v1/search", async (req, res) => {
    const { q } = req.query;
    if (typeof q !== "string" || q.length < 2 || q.length > 100)
      throw new Refused(422, "q");
    res.json(await page({ grams: { $all: gramsOf(q) } }, req.query));
  });
  app.get("/worker/v1/home", async (req, res) => {
    res.json(
      await homeView((shelf, where, sort, limit) =>
        SHELVES[shelf].find(where, BRIEF).sort(sort).limit(limit).lean(),
      ),
    );
  });
  app.get("/worker/v1/me", signedIn, async (req, res) => {
    const found = await Worker.findById(req.workerId).lean();
    if (found === null) throw new Refused(401, "account_gone");
    const { _id, ...rest } = found;
    res.json({ id: _id, ...rest });
  });
  app.post("/worker/v1/bookings", express.json(), signedIn, async (req, res) => {
    const { slot_id: slotId, ...more } = req.body ?? {};
    if (typeof slotId !== "string" || !SLOT_ID.test(slotId) || Object.keys(more).length)
      throw new Refused(422, "slot_id");
    const { _id, worker_id: _w, day: _d, ...rest } = await book(req.workerId, slotId);
    res.status(201).json({ id: _id, ...rest });
  });
  app.use((problem, req, res, _next) => {
    if (!(problem instanceof Refused)) console.error(problem);
    res.status(problem.status ?? 500).json({ code: problem.message });
  });
  app.listen(Number(process.env.PORT), "127.0.0.1");
}

run(serve);
