package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** The arguments of a call, evaluated. */
record Arguments(List<Object> positional, Map<String, Object> keywords) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The arguments after the first {@code count} positional ones. */
    Arguments from(int count) {
        return new Arguments(positional.subList(count, positional.size()), keywords);
    }

    /** Pays for reading the strings among the arguments. */
    void pay(Budget budget) {
        positional.forEach(value -> pay(value, budget));
        keywords.values().forEach(value -> pay(value, budget));
    }

    private static void pay(Object value, Budget budget) {
        if (Types.isText(value)) {
            budget.work(Types.text(value).length());
        }
    }

    /** Assigns the arguments to parameters. */
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw TemplateException.type(
                    "%s() takes at most %d arguments, found %d"
                            .formatted(function, parameters.length, positional.size()));
        }
        @Nullable Object[] values = new @Nullable Object[parameters.length];
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        keywords.forEach((name, value) -> {
            int index = List.of(parameters).indexOf(name);
            if (index < 0) {
                throw TemplateException.type(
                        "%s() got an unexpected keyword argument '%s'".formatted(function, name));
            }
            if (values[index] != null) {
                throw TemplateException.type(
                        "%s() got multiple values for argument '%s'".formatted(function, name));
            }
            values[index] = value;
        });
        return new Bound(function, parameters, values);
    }

    /** Positional arguments only, of a number in a range. */
    List<Object> positional(String function, int least, int most) {
        if (!keywords.isEmpty()) {
            throw TemplateException.type(function + "() takes no keyword arguments");
        }
        if (positional.size() < least || positional.size() > most) {
            throw TemplateException.type(
                    "%s() takes %s arguments, found %d"
                            .formatted(
                                    function,
                                    least == most ? "" + least : least + " to " + most,
                                    positional.size()));
        }
        return positional;
    }

    /** Arguments assigned to parameters. */
    static final class Bound {
        private final String function;
        private final String[] parameters;
        private final @Nullable Object[] values;

        private Bound(String function, String[] parameters, @Nullable Object[] values) {
            this.function = function;
            this.parameters = parameters;
            this.values = values;
        }

        /** The value of a parameter that has no default. */
        Object required(int index) {
            Object value = values[index];
            if (value == null) {
                throw TemplateException.type(
                        "%s() missing required argument '%s'"
                                .formatted(function, parameters[index]));
            }
            return value;
        }

        /** The value of a parameter, or its default. */
        Object optional(int index, Object otherwise) {
            Object value = values[index];
            return value == null ? otherwise : value;
        }

        /** The value of a parameter, or null if it was left out or is none. */
        @Nullable Object given(int index) {
            Object value = values[index];
            return value == None.NONE ? null : value;
        }
    }
}
