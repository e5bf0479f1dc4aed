"use strict";
// How a slot gives a port, takes it back, and what is booked then: the same for both Node peers.

/** The guarded update, as findOneAndUpdate takes it: room is left, and nobody is in twice. */
const taking = (slotId, workerId, bookingId) => [
  { _id: slotId, left: { $gt: 0 }, "holders.worker_id": { $ne: workerId } },
  {
    $inc: { left: -1 },
    $push: { holders: { worker_id: workerId, booking_id: bookingId } },
  },
  { returnDocument: "after", projection: { holders: 0 } },
];

/** The update that gives the port back, as updateOne takes it. */
const givingBack = (slotId, bookingId) => [
  { _id: slotId, "holders.booking_id": bookingId },
  { $inc: { left: 1 }, $pull: { holders: { booking_id: bookingId } } },
];

const bookingOf = (slot, workerId, bookingId) => ({
  _id: bookingId,
  worker_id: workerId,
  day: slot.day,
  state: "booked",
  station_id: slot.station_id,
  station_name: slot.station_name,
  service: slot.service,
  slot_id: slot._id,
  start: slot.start,
  end: slot.end,
  made_at: new Date(),
});

module.exports = { taking, givingBack, bookingOf };
