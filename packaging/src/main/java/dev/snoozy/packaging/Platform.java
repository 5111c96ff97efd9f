package dev.snoozy.packaging;

import java.util.Locale;

/**
 * The platform that the image is made on, and for: jlink takes the Java that runs.
 *
 * @param system {@code linux}, {@code macos} or {@code windows}
 * @param processor {@code amd64}, {@code arm64}, or what Java calls another
 */
record Platform(String system, String processor) {
    static Platform here() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static Platform of(String name, String architecture) {
        String lower = name.toLowerCase(Locale.ROOT);
        String system =
                lower.contains("windows") ? "windows" : lower.contains("mac") ? "macos" : lower;
        String processor =
                switch (architecture) {
                    case "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> architecture;
                };
        return new Platform(system, processor);
    }

    boolean isWindows() {
        return system.equals("windows");
    }

    boolean isLinux() {
        return system.equals("linux");
    }

    @Override
    public String toString() {
        return system + "-" + processor;
    }
}
