"use strict";
// Runs one server, or as many as PROCESSES says, on one port.

const cluster = require("node:cluster");

module.exports = function run(serve) {
  const wanted = Number(process.env.PROCESSES || "1");
  if (wanted > 1 && cluster.isPrimary) {
    for (let n = 0; n < wanted; n += 1) cluster.fork();
    const end = () => {
      for (const id of Object.keys(cluster.workers)) cluster.workers[id].kill();
      process.exit(0);
    };
    process.on("SIGTERM", end);
    process.on("SIGINT", end);
  } else {
    serve().catch((problem) => {
      console.error(problem);
      process.exit(1);
    });
  }
};
