package dev.snoozy.text.template;

import java.util.List;

/** The keys, values or items of a dictionary. */
record DictView(Kind kind, Dict dict) {
    enum Kind {
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ITEMS("dict_items");

        private final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }

        String typeName() {
            return typeName;
        }
    }

    /** The elements; items are tuples of key and value. */
    List<Object> elements(Budget budget) {
        budget.elements(dict.size());
        return switch (kind) {
            case KEYS -> dict.keys();
            case VALUES -> dict.values();
            case ITEMS -> dict.items();
        };
    }
}
