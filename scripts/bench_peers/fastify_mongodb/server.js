"use strict";
// The inn's most wanted doors on Fastify and MongoDB's own driver.
// node server.js, with PORT, PROCESSES, MONGODB_URI, MONGODB_DATABASE, REDIS_URL.

const { randomBytes } = require("node:crypto");
const Fastify = require("fastify");
const { MongoClient } = require("mongodb");
const Redis = require("ioredis");
const { taking, givingBack, bookingOf } = require("../bookings.js");
const { PAGE_FIELDS, homeView, gramsOf } = require("../home.js");
const run = require("../processes.js");
const shapes = require("./shapes.js");

const BRIEF = { title: 1, summary: 1, published_at: 1, starts_at: 1, name: 1, address: 1 };

class Refused extends Error {
  constructor(statusCode, code) {
    super(code);
    this.statusCode = statusCode;
  }
}

const shown = ({ _id, ...rest }) => ({ id: _id, ...rest });

async function serve() {
  const client = await new MongoClient(process.env.MONGODB_URI).connect();
  const db = client.db(process.env.MONGODB_DATABASE);
  const redis = new Redis(process.env.REDIS_URL);
  const app = Fastify();

  app.decorateRequest("workerId", null);
  const signedIn = async (request) => {
    const [scheme, token] = (request.headers.authorization ?? "").split(" ");
    const found = scheme === "Bearer" ? await redis.get(`session:${token}`) : null;
    if (found === null) throw new Refused(401, "not_signed_in");
    request.workerId = found;
  };

  async function page(where, { cursor, limit }) {
    const now = new Date();
    const until = cursor === undefined ? { $lte: now } : { $lt: new Date(cursor) };
    const found = await db
      .collection("policies")
      .find(
        { ...where, published_at: until, visible_to: { $gt: now } },
        { projection: PAGE_FIELDS, sort: { published_at: -1 }, limit: limit + 1 },
      )
      .toArray();
    const items = found.slice(0, limit).map(shown);
    const more = found.length > limit;
    return { items, next: more ? items[limit - 1].published_at.toISOString() : null };
  }

  async function take(slotId, workerId, bookingId) {
    const slots = db.collection("slots");
    const slot = await slots.findOneAndUpdate(...taking(slotId, workerId, bookingId));
    if (slot === null) throw new Refused(409, "slot_full");
    return bookingOf(slot, workerId, bookingId);
  }

  async function giveBack(slotId, bookingId) {
    await db.collection("slots").updateOne(...givingBack(slotId, bookingId));
  }

  // The guarded update of the slot, which everybody wants, writes down who holds the
  // port and waits in no transaction; booking and event are this worker's alone.
  async function book(workerId, slotId) {
    const letters = randomBytes(12).toString("hex");
    const booking = await take(slotId, workerId, `booking_${letters}`);
    const told = { _id: `event_${letters}`, kind: "BookingMade" };
    const session = client.startSession();
    try {
      await session.withTransaction(async () => {
        await db.collection("bookings").insertOne(booking, { session });
        await db
          .collection("events")
          .insertOne({ ...told, at: booking.made_at, data: booking }, { session });
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

  app.get("/worker/v1/policies/:id", { schema: shapes.policy }, async (request) => {
    const now = new Date();
    const found = await db.collection("policies").findOne(
      {
        _id: request.params.id,
        published_at: { $lte: now },
        visible_to: { $gt: now },
      },
      { projection: { grams: 0, visible_to: 0 } },
    );
    if (found === null) throw new Refused(404, "no_such_policy");
    return shown(found);
  });
  app.get("/worker/v1/policies", { schema: shapes.list }, ({ query }) =>
    page({ topic: query.topic, region: query.region }, query),
  );
  app.get("/worker/v1/search", { schema: shapes.search }, ({ query }) =>
    page({ grams: { $all: gramsOf(query.q) } }, query),
  );
  app.get("/worker/v1/home", { schema: shapes.home }, () =>
    homeView((shelf, where, sort, limit) =>
      db.collection(shelf).find(where, { projection: BRIEF, sort, limit }).toArray(),
    ),
  );
  app.get(
    "/worker/v1/me",
    { schema: shapes.me, preHandler: signedIn },
    async (request) => {
      const found = await db.collection("workers").findOne({ _id: request.workerId });
      if (found === null) throw new Refused(401, "account_gone");
      return shown(found);
    },
  );
  app.post(
    "/worker/v1/bookings",
    { schema: shapes.book, preHandler: signedIn },
    async (request, reply) => {
      const booking = await book(request.workerId, request.body.slot_id);
      reply.code(201);
      return shown(booking);
    },
  );
  await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
}

run(serve);
