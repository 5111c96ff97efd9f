package dev.snoozy.studio.api;

import dev.snoozy.cook.CookFile;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.server.http.Fields;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The field {@code recipe} of a request: the whole path of a recipe for a cook. */
public final class RecipeField {
    private RecipeField() {}

    /**
     * The recipe of a request.
     *
     * @throws dev.snoozy.server.http.HttpProblem if there is none, or it is not sound, with the
     *     line
     */
    public static CookRecipe of(Fields request) {
        Path file = file(request);
        try {
            return CookFile.read(file);
        } catch (IOException e) {
            throw request.invalid("recipe", String.valueOf(e.getMessage()));
        }
    }

    private static Path file(Fields request) {
        String name = request.requiredString("recipe").strip();
        try {
            Path path = Path.of(name);
            if (path.isAbsolute() && Files.isRegularFile(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw request.invalid(
                "recipe", "expected the whole path of a recipe in YAML, found " + name);
    }
}
