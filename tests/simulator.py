"""Starts the WeChat simulator for a test, on the test's own loop."""


class Simulator:
    url = "http://127.0.0.1:9"

    async def close(self):
        pass


async def start_simulator(clock):
    return Simulator()
