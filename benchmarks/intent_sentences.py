"""Sentences that mean an intent of a project, and others that mean none: written for this, in the public domain."""

# ruff: noqa: E501  (several sentences a line)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Desk:
    """A project's intents with their utterances, what people say for each, and what they say beside all of them.

    `close` are sentences about the same things that mean none of the intents.
    """

    utterances: Mapping[str, Sequence[str]]
    said: Mapping[str, Sequence[str]]
    close: Sequence[str]


SMALL_TALK: Final = (
    "Hello!", "Hi", "Hi there", "Hey", "Good morning", "Good evening", "Yes", "Yes, please", "No", "No, thanks",
    "Thanks", "Thank you very much", "OK", "Great", "Bye", "Good-bye", "See you", "Sorry", "What?", "Why?", "Help",
    "I don't know", "Maybe", "Not really", "Hmm", "Wait a moment", "Nothing", "That is all", "How are you?",
    "Who are you?", "Are you a robot?", "What can you do?", "I need help", "Can you help me?", "I have a question",
    "That did not work", "You are great", "This is stupid", "Say that again", "I don't understand", "lol", "test", "start",
)  # fmt: skip
"""What is said in every conversation and means nothing of the kind."""

ANSWERS: Final = (
    "Kim", "Kim Novak", "My name is Ann", "ann@example.org", "it's ann@example.org", "0171 2345678", "42", "3",
    "three days", "tomorrow", "tomorrow at nine", "next Tuesday", "2027-05-03", "at 10 o'clock", "Berlin",
    "12 Mill Lane", "the blue one", "the first one", "large", "both", "new brakes", "a flat tyre", "for two people",
    "as soon as possible", "the second of May", "in the morning", "I have none", "A-1009", "not sure yet",
)  # fmt: skip
"""Answers to what a flow has asked."""

ELSEWHERE: Final = (
    "What is the weather like today?", "Tell me a joke", "Who won the match yesterday?", "What is the capital of Peru?",
    "How tall is Mount Everest?", "Write me a poem about the sea", "What is 17 times 23?", "Translate this into French",
    "Do you like music?", "What is your favourite colour?", "My cat is ill", "I am hungry", "I lost my wallet on the bus",
    "How do I cook rice?", "When is the next train to Vienna?", "Is there life on Mars?", "Play some jazz",
    "Set an alarm for six", "How old are you?", "Recommend me a film", "What does bitcoin cost today?",
    "My neighbour is too loud", "Can you do my homework?", "Who is the president of France?",
)  # fmt: skip
"""What has to do with no company at all."""

BIKES: Final = Desk(
    {
        "hours": (
            "What are your opening hours of the shop?", "Is the shop open on Saturdays?", "When does the shop close?",
            "When is the shop open?",
        ),
        "rent": ("Rent a bike", "I would like to rent a bike", "Do you rent bikes?", "Can I borrow a bike?"),
    },
    {
        "hours": (
            "are you open today", "what time do you close", "until when can I drop by tonight?", "Are you there on Sunday?",
            "opening times", "When do you open in the morning?", "is anyone there at 8 am", "do you work on public holidays",
            "closing time?", "How long are you open on Fridays?",
        ),
        "rent": (
            "could I hire one of your bikes tomorrow", "we need two bicycles for the weekend", "bike rental",
            "I'd like to borrow a bicycle for a day", "Can we get bikes for a tour?", "how do I rent one of your bikes",
            "do you have bikes for hire", "a rental for Saturday, please", "I want to take a bike for three days",
            "lend me a bike",
        ),
    },
    (
        "Do you sell helmets?", "My bike was stolen", "Do you buy old bikes?", "How much is a new chain?",
        "Is my bike ready?", "Where can I park?", "Do you repair scooters?", "Can I pay by card?", "I broke my pedal",
        "Are you hiring?", "Which bike do you like best?", "Where is the shop?", "How much does a new saddle cost?",
        "The bike I bought squeaks",
    ),
)  # fmt: skip

SHOP: Final = Desk(
    {
        "delivery": (
            "Delivery", "How long does delivery take?", "What does shipping cost?", "Do you deliver to my country?",
            "When will my parcel arrive?",
        ),
        "returns": (
            "Returns", "How do I return something?", "Can I send it back?", "What is your return policy?",
            "How do I get my money back?",
        ),
        "payment": (
            "Payment", "How can I pay?", "Which payment methods do you take?", "Can I pay by invoice?",
            "Do you take credit cards?",
        ),
        "contact": (
            "Contact", "How do I reach you?", "What is your phone number?", "What is your e-mail address?",
            "Where are you?",
        ),
    },
    {
        "delivery": (
            "where is my package", "how many days until it gets here", "do you ship to Norway", "is shipping free?",
            "my order has not come yet", "can you send it abroad", "shipping time", "how much is postage",
        ),
        "returns": (
            "the shoes don't fit, I want to give them back", "refund", "I want a refund for my order", "how many days do I have to return it",
            "can I exchange it for another size", "I changed my mind about the jacket and would like to return it",
            "who pays for sending it back?", "It arrived broken, what now?",
        ),
        "payment": (
            "is PayPal OK?", "can I pay in instalments", "do you accept Visa", "paying by bank transfer", "cash on delivery?",
            "my card was declined", "which cards do you accept", "can I pay when it arrives",
        ),
        "contact": (
            "can I call you?", "I'd like to write to your office", "what's your address", "is there a number I can ring",
            "how can I get in touch with you", "where is your store", "phone", "which mail address do I write to",
        ),
    },
    (
        "Do you have this in red?", "Is the jacket waterproof?", "I forgot my password", "Do you have gift cards?",
        "What size should I take?", "Are these shoes vegan?", "Is there a discount for students?", "Please delete my account",
        "Do you sell to companies?", "When is the next sale?", "Who makes these bags?", "How do I wash it?",
    ),
)  # fmt: skip

DESK: Final = Desk(
    {
        "password": (
            "Reset my password", "I forgot my password", "I cannot log in", "My account is locked",
        ),
        "printer": ("The printer does not work", "I cannot print", "There is a paper jam"),
        "software": ("Install software", "I need a program installed", "Can I have a licence for Photoshop?"),
        "network": ("The internet is down", "I have no Wi-Fi", "The VPN does not connect", "The network is slow"),
        "person": ("Talk to a person", "I want to talk to a person", "Can I speak to somebody?", "Give me a human"),
    },
    {
        "password": (
            "it says my password is wrong", "new password please", "locked out of my account", "I can't sign in any more",
            "my login stopped working", "password expired", "how do I change my password",
        ),
        "printer": (
            "nothing comes out of the printer", "printer is broken", "my document won't print", "the printer on floor 2 is out of toner",
            "paper is stuck in the printer",
        ),
        "software": (
            "please put Excel on my laptop", "I'd like to get a new application", "could you install Zoom for me",
            "we need two more licences", "how do I get new software",
        ),
        "network": (
            "wifi keeps dropping", "I can't get online", "no connection at my desk", "VPN error", "web pages load forever",
            "internet not working",
        ),
        "person": (
            "let me talk to someone real", "agent", "connect me with support staff", "can a colleague call me", "human please",
            "I would rather speak with a real person",
        ),
    },
    (
        "My chair is broken", "Who do I ask about holidays?", "The coffee machine leaks", "My screen flickers", "I need a new laptop",
        "The keyboard is sticky", "Where is room 204?", "When is the canteen open?", "How do I book a meeting room?",
        "I spilled tea on my laptop", "Who is my manager?", "My phone is too old",
    ),
)  # fmt: skip

DOCTOR: Final = Desk(
    {
        "book": (
            "Book an appointment", "I would like to see the doctor", "Can I have an appointment next week?",
            "Is there a free slot tomorrow?",
        ),
        "cancel": ("Cancel my appointment", "I cannot come to my appointment", "Please move my appointment"),
        "prescription": ("I need a new prescription", "Can you renew my prescription?", "My tablets are used up"),
        "results": ("Are my test results there?", "What are my blood results?", "Results of my examination"),
    },
    {
        "book": (
            "when could I come in", "I need to see somebody about my knee", "do you have time for me on Thursday", "appointment please",
            "could the doctor look at my back this week", "first time patient, how do I get an appointment",
        ),
        "cancel": (
            "I have to call off Thursday", "can we do it another day instead", "I won't make it tomorrow", "reschedule",
            "need to postpone my visit", "cancel it please",
        ),
        "prescription": (
            "I have run out of my pills", "repeat prescription", "can I get more of my blood pressure medicine",
            "please write me another prescription", "my medication is finished", "refill",
        ),
        "results": (
            "did the lab send anything", "has my X-ray come back", "I am waiting for the results of my blood test",
            "what did the test say", "lab results", "is the report of my scan there",
        ),
    },
    (
        "Do you take private patients?", "Where do I park?", "Do you speak Spanish?", "How much is a travel vaccination?",
        "My insurance has changed", "Is the surgery open on Saturdays?", "Who is the doctor on duty tonight?",
        "I left my umbrella in your waiting room", "Are dogs allowed?", "The receptionist was rude", "What is your fax number?",
        "I have moved house",
    ),
)  # fmt: skip

BANK: Final = Desk(
    {
        "lost_card": ("I lost my card", "My card was stolen", "Block my card"),
        "balance": ("What is my balance?", "How much money do I have?", "Show me my account balance"),
        "transfer": ("I want to send money", "Make a transfer", "How do I transfer money to another account?"),
        "loan": ("I need a loan", "Can I get a mortgage?", "What are your interest rates for loans?"),
        "branch": ("Where is the nearest branch?", "Find a cash machine", "Where can I withdraw cash?"),
    },
    {
        "lost_card": (
            "somebody took my debit card", "I can't find my credit card", "freeze my card right now", "my wallet is gone with all cards",
            "card stolen",
        ),
        "balance": (
            "how much is left on my account", "balance", "can I see what is in my account", "am I overdrawn?", "what do I have in savings",
        ),
        "transfer": (
            "pay 50 euros to my landlord", "send 20 pounds to Tom", "wire money abroad", "I'd like to pay a bill by transfer",
            "move money to my savings",
        ),
        "loan": (
            "I want to borrow money for a car", "what would a mortgage cost me", "loan", "do you finance houses", "how much may I borrow",
        ),
        "branch": (
            "ATM near me", "is there a branch in Leeds", "where do I get cash here", "closest bank office", "cash point",
        ),
    },
    (
        "How do I change my address?", "I want to close my account", "Can my daughter open an account?", "The app crashes",
        "What is your SWIFT code?", "I don't recognise this payment", "Do you sell gold?", "How do I invest in funds?",
        "Which papers do I need?", "My statement is wrong", "Do you offer insurance?", "I got a strange mail from you",
    ),
)  # fmt: skip

TALK: Final = Desk(
    {
        "yes": ("Yes", "Yes, please", "Of course"),
        "no": ("No", "No, thanks", "I would rather not"),
        "hello": ("Hello", "Good morning", "Hi there"),
        "thanks": ("Thank you", "Thanks a lot", "That was helpful"),
    },
    {
        "yes": ("yes of course", "sure", "yes that is right", "please do", "yep", "absolutely, go ahead"),
        "no": ("no I would not", "nope", "not now, thank you", "better not", "no way"),
        "hello": ("hi", "hello everybody", "good evening", "hey there", "good day to you"),
        "thanks": ("thanks so much", "many thanks", "thank you for your help", "cheers, that helps a lot"),
    },
    (),
)
"""Where small talk is what is meant: there the sentences that mean nothing elsewhere are not held against it."""

DESKS: Final[Mapping[str, Desk]] = {
    "talk": TALK,
    "bikes": BIKES,
    "shop": SHOP,
    "desk": DESK,
    "doctor": DOCTOR,
    "bank": BANK,
}
CHECKED: Final = ("doctor", "bank")
"""The desks that nothing was chosen by."""
