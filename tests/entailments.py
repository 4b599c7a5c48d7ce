"""What follows from what, construct by construct of OWL 2 RL: axioms, data, and what a reader expects."""

CASES = {
    "subClassOf": (":Pilot rdfs:subClassOf :Site .", ":x a :Pilot .", ":x a :Site ."),
    "subClassOf in steps": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":x a :A .", ":x a :B , :C ."),
    "equivalentClass": (":A owl:equivalentClass :B .", ":x a :A . :y a :B .", ":x a :B . :y a :A ."),
    "subPropertyOf": (":p rdfs:subPropertyOf :q .", ":x :p :y .", ":x :q :y ."),
    "equivalentProperty": (":p owl:equivalentProperty :q .", ":x :p :y . :y :q 1 .", ":x :q :y . :y :p 1 ."),
    "inverseOf": (":p owl:inverseOf :q .", ":x :p :y . :u :q :v .", ":y :q :x . :v :p :u ."),
    "inverseOf a literal": (":p owl:inverseOf :q .", ":x :p 1 , :y .", ":y :q :x ."),
    "SymmetricProperty": (":p a owl:SymmetricProperty .", ":x :p :y .", ":y :p :x ."),
    "TransitiveProperty": (":p a owl:TransitiveProperty .", ":a :p :b . :b :p :c . :c :p :d .", ":a :p :c , :d ."),
    "domain": (":p rdfs:domain :A .", ":x :p :y , 1 .", ":x a :A ."),
    "range": (":p rdfs:range :A .", ":x :p :y , 1 .", ":y a :A ."),
    "range of a datatype": (":p rdfs:range xsd:integer ; rdfs:domain :A .", ":x :p 1 .", ":x a :A ."),
    "chain of two": (":p owl:propertyChainAxiom ( :q :r ) .", ":x :q :y . :y :r :z , 1 .", ":x :p :z , 1 ."),
    "chain of three": (
        ":p owl:propertyChainAxiom ( :q :r :s ) .", ":x :q :y . :y :r :z . :z :s :w .", ":x :p :w ."),
    "chain that feeds itself": (
        ":p owl:propertyChainAxiom ( :p :up ) . :q rdfs:subPropertyOf :p .",
        ":x :q :a . :a :up :b . :b :up :c .", ":x :p :a , :b , :c ."),
    "hasValue on the right": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue :v ] .", ":x a :A .", ":x :p :v ."),
    "hasValue on the left": (
        "[ owl:onProperty :p ; owl:hasValue :v ] rdfs:subClassOf :A .", ":x :p :v . :y :p :w .", ":x a :A ."),
    "hasValue of a literal": (
        ":A owl:equivalentClass [ owl:onProperty :p ; owl:hasValue 1 ] .", ":x a :A . :y :p 1 .",
        ":x :p 1 . :y a :A ."),
    "someValuesFrom a class": (
        "[ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :A .", ":x :p :y . :y a :B . :z :p :z .",
        ":x a :A ."),
    "someValuesFrom owl:Thing": (
        "[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :A .", ":x :p :y .", ":x a :A ."),
    "allValuesFrom": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ] .", ":x a :A ; :p :y . :z :p :w .",
        ":y a :B ."),
    "intersectionOf on the right": (
        ":A rdfs:subClassOf [ owl:intersectionOf ( :B :C ) ] .", ":x a :A .", ":x a :B , :C ."),
    "intersectionOf on the left": (
        "[ owl:intersectionOf ( :B :C :D ) ] rdfs:subClassOf :A .", ":x a :B , :C , :D . :y a :B , :C .", ":x a :A ."),
    "a class that is an intersectionOf": (
        ":A owl:intersectionOf ( :B :C ) .", ":x a :A . :y a :B , :C .", ":x a :B , :C . :y a :A ."),
    "unionOf on the left": (
        "[ owl:unionOf ( :B :C ) ] rdfs:subClassOf :A .", ":x a :B . :y a :C .", ":x a :A . :y a :A ."),
    "a class that is a unionOf": (":A owl:unionOf ( :B :C ) .", ":x a :B . :y a :C .", ":x a :A . :y a :A ."),
    "equivalentClass of a unionOf": (
        ":A owl:equivalentClass [ owl:unionOf ( :B :C ) ] .", ":x a :B . :y a :A .", ":x a :A ."),
    "someValuesFrom a unionOf": (
        "[ owl:onProperty :p ; owl:someValuesFrom [ owl:unionOf ( :B :C ) ] ] rdfs:subClassOf :A .",
        ":x :p :y . :y a :C .", ":x a :A ."),
    "someValuesFrom a someValuesFrom": (
        "[ owl:onProperty :p ; owl:someValuesFrom [ owl:onProperty :q ; owl:someValuesFrom :B ] ]"
        " rdfs:subClassOf :A .", ":x :p :y . :y :q :z . :z a :B .", ":x a :A ."),
    "intersectionOf a union, a value and a class": (
        "[ owl:intersectionOf ( :B [ owl:unionOf ( :C :D ) ] [ owl:onProperty :p ; owl:hasValue :v ] ) ]"
        " rdfs:subClassOf :A .", ":x a :B , :D ; :p :v . :y a :B ; :p :v .", ":x a :A ."),
    "intersectionOf two someValuesFrom": (
        "[ owl:intersectionOf ( [ owl:onProperty :p ; owl:someValuesFrom :B ]"
        " [ owl:onProperty :q ; owl:someValuesFrom :C ] ) ] rdfs:subClassOf :A .",
        ":x :p :b ; :q :c . :b a :B . :c a :C .", ":x a :A ."),
    "a defined class with a value": (
        ":A owl:equivalentClass [ owl:intersectionOf ( :B [ owl:onProperty :p ; owl:hasValue :v ] ) ] .",
        ":x a :A . :y a :B ; :p :v .", ":x a :B ; :p :v . :y a :A ."),
    "allValuesFrom an intersectionOf": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom [ owl:intersectionOf ( :B :C ) ] ] .",
        ":x a :A ; :p :y .", ":y a :B , :C ."),
    "allValuesFrom a hasValue": (
        ":A rdfs:subClassOf [ owl:onProperty :p ;"
        " owl:allValuesFrom [ owl:onProperty :q ; owl:hasValue :v ] ] .", ":x a :A ; :p :y .", ":y :q :v ."),
    "allValuesFrom an allValuesFrom": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom [ owl:onProperty :q ; owl:allValuesFrom :B ] ] .",
        ":x a :A ; :p :y . :y :q :z .", ":z a :B ."),
    "domain that is an intersectionOf": (
        ":p rdfs:domain [ owl:intersectionOf ( :B :C ) ] .", ":x :p :y .", ":x a :B , :C ."),
    "range that is a hasValue": (
        ":p rdfs:range [ owl:onProperty :q ; owl:hasValue :v ] .", ":x :p :y .", ":y :q :v ."),
    "inverse, chain, domain and class together": (
        ":has owl:inverseOf :holdsFor . :via owl:propertyChainAxiom ( :has :route ) . :via rdfs:domain :Spread ."
        " :Spread rdfs:subClassOf [ owl:onProperty :known ; owl:hasValue :yes ] .",
        ":claim :holdsFor :x ; :route :r .", ":x :has :claim ; :via :r ; a :Spread ; :known :yes ."),
}
"""Name to axioms, data, and what is expected to follow at least."""

AXIOMS = [
    ":A rdfs:subClassOf :B .", ":B rdfs:subClassOf :C .", ":C owl:equivalentClass :A .", ":p rdfs:subPropertyOf :q .",
    ":q owl:equivalentProperty :r .", ":p owl:inverseOf :r .", ":q a owl:SymmetricProperty .",
    ":r a owl:TransitiveProperty .", ":p rdfs:domain :A .", ":q rdfs:range :B .",
    ":r owl:propertyChainAxiom ( :p :q ) .",
    ":p owl:propertyChainAxiom ( :q :q :r ) .", ":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue :a ] .",
    "[ owl:onProperty :q ; owl:hasValue :b ] rdfs:subClassOf :C .",
    "[ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :A .",
    ":C rdfs:subClassOf [ owl:onProperty :r ; owl:allValuesFrom :A ] .",
    "[ owl:unionOf ( :A [ owl:intersectionOf ( :B :C ) ] ) ] rdfs:subClassOf :D .",
]
"""Axioms that are thrown together at random."""
