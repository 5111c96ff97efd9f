package dev.snoozy.tune;

import java.io.IOException;
import java.nio.file.Path;

/** A run in a process of its own, which a test ends. It says each step on a line of its own. */
final class KilledRun {
    private KilledRun() {}

    /** Trains: base, data, folder. */
    public static void main(String[] arguments) throws IOException {
        TuneListener listener =
                new TuneListener() {
                    @Override
                    public void step(StepReport report) {
                        System.out.println(report.step());
                    }
                };
        new Tuning(
                        Path.of(arguments[0]),
                        Path.of(arguments[1]),
                        Path.of(arguments[2]),
                        KilledRunTest.options(),
                        listener)
                .run(false);
    }
}
